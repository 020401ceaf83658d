import { hash, randomUUID } from 'node:crypto'
import {
  type InvokeCommandInput as Input,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  type InvokeCommandOutput as Output,
} from '@aws-sdk/client-lambda'
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols'
import { getSmithyContext } from '@smithy/core/transport'
import type {
  DeserializeHandlerOutput,
  DeserializeMiddleware,
  FinalizeRequestMiddleware,
  SelectedHttpAuthScheme,
} from '@smithy/types'
import type { InvokeRequest } from '../invoker.ts'
import { Sha256 } from './sha256.ts'

type Operation = Pick<InvokeRequest, 'target' | 'mode' | 'tenantId' | 'traceHeader'>

/** What has to go out for one invocation, as the SDK would send it. */
export interface SignedCall {
  /** Scheme, host and port. */
  origin: string
  path: string
  headers: Record<string, string>
  body: Uint8Array
  /** Tells the SDK of the answer to this call, so that it keeps knowing by how much its clock is wrong. */
  answered(response: HttpResponse): void
}

/** A request that the SDK has made for an operation, complete but for its payload, with what it would sign it with. */
interface Pattern {
  request: HttpRequest
  scheme: SelectedHttpAuthScheme
}

/**
 * What the AWS SDK has to say about invocations in one region. Its client decides on everything: endpoint, headers,
 * credentials, signature, and what an error is. But its `send` costs 400 µs of CPU a call, most of it for finding out
 * again what does not change. So the SDK is asked once for each function what its request looks like; from then on only
 * what differs is done anew, payload hash and signature, the latter by the SDK's own signer.
 */
export class SdkLambda {
  readonly #client: LambdaClient
  readonly #patterns = new Map<string, Promise<Pattern>>()

  constructor(region: string) {
    this.#client = new LambdaClient({ region, maxAttempts: 1, sha256: Sha256 })
    keepSigner(this.#client)
  }

  /** The signed request of one invocation. Credentials are the SDK's provider's, which renews them when they are due. */
  async sign(operation: Operation, payload: Uint8Array): Promise<SignedCall> {
    const { request, scheme } = await this.#pattern(operation)
    const { signer, identity, httpAuthOption } = scheme
    // The signer leaves notes about this very call in its properties.
    const properties = { ...httpAuthOption.signingProperties }
    const headers = callHeaders(request.headers, operation, payload)
    const unsigned = new HttpRequest({ ...request, headers, body: payload })
    const signed = await signer.sign(unsigned, identity, properties)
    const { protocol, hostname, port, path } = signed
    return {
      origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
      path,
      headers: signed.headers,
      body: payload,
      answered: (response) => signer.successHandler?.(response, properties),
    }
  }

  /** Rejects with the error that the SDK makes of a response, of its own class where it knows the error. */
  async failure(operation: Operation, response: HttpResponse): Promise<never> {
    const command = commandOf(operation)
    const answer: DeserializeMiddleware<Input, Output> = () => async () => {
      // What reads the response stands around this and makes the output.
      return { response } as DeserializeHandlerOutput<Output>
    }
    command.middlewareStack.add(answer, { name: 'lprAnswer', step: 'deserialize', priority: 'low' })
    await this.#client.send(command)
    throw new Error(`expected the SDK to reject status ${response.statusCode}, but it did not`)
  }

  destroy(): void {
    this.#client.destroy()
  }

  #pattern(operation: Operation): Promise<Pattern> {
    const key = `${operation.mode} ${operation.target.arn}`
    const known = this.#patterns.get(key)
    if (known !== undefined) return known
    const pattern = this.#makePattern(operation)
    this.#patterns.set(key, pattern)
    // What went wrong once, credentials that were not there yet for example, may go well the next time.
    pattern.catch(() => this.#patterns.delete(key))
    return pattern
  }

  /** Lets the SDK make a request, up to where it would be signed. */
  async #makePattern({ target, mode }: Operation): Promise<Pattern> {
    const command = commandOf({ target, mode, tenantId: undefined })
    let pattern: Pattern | undefined
    const capture: FinalizeRequestMiddleware<Input, Output> = (_next, context) => async (args) => {
      const scheme = getSmithyContext(context).selectedHttpAuthScheme as SelectedHttpAuthScheme
      pattern = { request: args.request as HttpRequest, scheme }
      return { response: undefined, output: { $metadata: {} } }
    }
    command.middlewareStack.addRelativeTo(capture, {
      name: 'lprCapture',
      relation: 'before',
      toMiddleware: 'httpSigningMiddleware',
    })
    await this.#client.send(command)
    if (pattern === undefined) throw new Error('expected the SDK to sign its requests, but it did not')
    return pattern
  }
}

/**
 * The SDK makes a signer for every request, and copies its whole config each time, which takes longer than to sign. One
 * signer does: region and service never change, and it asks for the credentials of the moment with each signature.
 */
function keepSigner({ config }: LambdaClient): void {
  const makeSigner = config.signer
  let kept: ReturnType<typeof makeSigner> | undefined
  config.signer = (authScheme) => {
    kept ??= makeSigner(authScheme)
    kept.catch(() => {
      kept = undefined
    })
    return kept
  }
}

/** Both commands take the same input, and what they give back is not looked at. */
function commandOf({ target, mode, tenantId }: Operation): InvokeCommand {
  const input = {
    FunctionName: target.arn,
    Payload: new Uint8Array(),
    ...(tenantId === undefined ? {} : { TenantId: tenantId }),
  }
  if (mode === 'buffered') return new InvokeCommand(input)
  return new InvokeWithResponseStreamCommand(input) as unknown as InvokeCommand
}

/** The pattern's headers, with what differs from call to call. Hashing at one go takes less CPU than the signer's way. */
function callHeaders(
  pattern: Record<string, string>,
  { tenantId, traceHeader }: Operation,
  payload: Uint8Array,
): Record<string, string> {
  const headers: Record<string, string> = {
    ...pattern,
    'content-length': String(payload.length),
    'amz-sdk-invocation-id': randomUUID(),
    'x-amz-content-sha256': hash('sha256', payload),
  }
  if (tenantId !== undefined) headers['x-amz-tenant-id'] = tenantId
  if (traceHeader !== undefined) headers['x-amzn-trace-id'] = traceHeader
  return headers
}
