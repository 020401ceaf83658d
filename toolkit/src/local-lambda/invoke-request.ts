import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { invalidContent, invalidParameter, requestTooLarge, ServiceError } from './errors.ts'
import { type FunctionReference, functionArn, type Place, parseFunctionName } from './function-name.ts'
import { readBody } from './http-body.ts'
import type { InvocationRequest } from './invocation.ts'
import { MAX_CLIENT_CONTEXT_BYTES, MAX_EVENT_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES } from './limits.ts'

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun'

/** What the URL says. */
export interface Call {
  streaming: boolean
  function: FunctionReference
}

/** What the headers say. */
export interface CallOptions {
  invocationType: InvocationType
  wantsLog: boolean
}

/** Reads the two invoke operations from a URL; anything else is refused. */
export function parseCall(method: string, url: string, place: Place): Call {
  const [, pathname = '', query] = /^([^?]*)\??(.*)$/.exec(url) ?? []
  const [, path, name, action] = CALL_PATH.exec(pathname) ?? []
  if (method !== 'POST' || name === undefined || OPERATIONS.get(path ?? '') !== action) {
    const expected = 'expected Invoke or InvokeWithResponseStream'
    throw new ServiceError('UnknownOperationException', 404, `${method} ${pathname}: ${expected}`)
  }
  return {
    streaming: action === 'response-streaming-invocations',
    function: parseFunctionName(decode(name), new URLSearchParams(query).get('Qualifier'), place),
  }
}

/** Reads invocation type and log type. */
export function parseOptions(headers: IncomingHttpHeaders, streaming: boolean): CallOptions {
  const type = one(headers, 'x-amz-invocation-type') ?? 'RequestResponse'
  const allowed = streaming ? ['RequestResponse', 'DryRun'] : ['RequestResponse', 'Event', 'DryRun']
  if (!allowed.includes(type)) {
    throw invalidParameter(`InvocationType ${JSON.stringify(type)}: expected ${allowed.join(', ')}`)
  }
  const logType = one(headers, 'x-amz-log-type') ?? 'None'
  if (logType !== 'None' && logType !== 'Tail') {
    throw invalidParameter(`LogType ${JSON.stringify(logType)}: expected None, Tail`)
  }
  return { invocationType: type as InvocationType, wantsLog: logType === 'Tail' }
}

/** Reads the rest of the call, its body included. */
export async function readInvocation(
  http: IncomingMessage,
  requestId: string,
  call: Call,
  { invocationType }: CallOptions,
  place: Place,
): Promise<InvocationRequest> {
  const limitBytes = invocationType === 'Event' ? MAX_EVENT_PAYLOAD_BYTES : MAX_PAYLOAD_BYTES
  const body = await readBody(http, limitBytes)
  if (body === undefined) throw requestTooLarge(limitBytes)
  const clientContext = parseClientContext(one(http.headers, 'x-amz-client-context'))
  const tenantId = parseTenantId(one(http.headers, 'x-amz-tenant-id'))
  return {
    requestId,
    functionArn: functionArn(place, call.function),
    payload: parsePayload(body),
    traceId: one(http.headers, 'x-amzn-trace-id') ?? newTraceId(),
    ...(clientContext !== undefined && { clientContext }),
    ...(tenantId !== undefined && { tenantId }),
  }
}

const CALL_PATH = /^\/([^/]+)\/functions\/([^/]+)\/([^/]+)$/
const OPERATIONS = new Map([
  ['2015-03-31', 'invocations'],
  ['2021-11-15', 'response-streaming-invocations'],
])
const TENANT_ID = /^[a-zA-Z0-9._:/=+\-@ ]{1,256}$/

/** The function gets the bytes as they came; no body at all is an empty event. */
function parsePayload(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from('{}')
  try {
    JSON.parse(new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch (error) {
    throw invalidContent(`Could not parse request body into json: ${(error as Error).message}`)
  }
  return body
}

function parseClientContext(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  if (Buffer.byteLength(header) > MAX_CLIENT_CONTEXT_BYTES) {
    throw invalidParameter(`ClientContext: expected at most ${MAX_CLIENT_CONTEXT_BYTES} bytes of base64`)
  }
  const json = Buffer.from(header, 'base64').toString('utf8')
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null) return json
  } catch {
    // Refused below, like JSON that is not an object.
  }
  throw invalidContent('Client context must be a valid Base64-encoded JSON object.')
}

function parseTenantId(header: string | undefined): string | undefined {
  if (header !== undefined && !TENANT_ID.test(header)) {
    throw invalidParameter(
      `TenantId ${JSON.stringify(header)}: expected 1-256 characters of ${TENANT_ID.source}`,
    )
  }
  return header
}

function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16)
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Sampled=0`
}

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name]?.toString()
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw invalidParameter(`FunctionName ${JSON.stringify(segment)}: expected valid percent-encoding`)
  }
}
