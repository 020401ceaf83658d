import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, InvokeWithResponseStreamCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { buildLayer } from '../../../scripts/build-layer.mjs'
import type { LocalFunction } from '../../../toolkit/src/local-lambda/api.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  type Sources,
  stopLambdas,
} from '../../../toolkit/src/local-lambda/test-functions.ts'

/** Where the layer is built for the tests. */
export const layerDir = mkdtempSync(join(tmpdir(), 'lpr-layer-'))
/** What lies under /opt in Lambda. */
export const optDir = join(layerDir, 'opt')

/** Builds what the tests run: the layer and the Node.js runtime of the local Lambda. */
export async function buildAll(): Promise<void> {
  await Promise.all([buildLayer(layerDir), buildNodeRuntime()])
}

/** For `afterAll`. */
export async function removeAll(): Promise<void> {
  await stopLambdas()
  removeTemporaryFiles()
  rmSync(layerDir, { recursive: true, force: true })
}

/** A function with the layer: its wrapper and these variables. */
export function layerFunction(
  sources: Sources | string,
  { environment = {}, ...more }: Partial<LocalFunction> = {},
): LocalFunction {
  return makeFunction(sources, { ...more, environment: { ...withLayer, ...environment } })
}

/** The variable that switches the layer on. */
export const withLayer = { AWS_LAMBDA_EXEC_WRAPPER: join(optDir, 'lpr/exec-wrapper') }

/** A batch as the router sends it. */
export function batchOf(...items: object[]) {
  const meta = { router: 'lambda-parallel-router', route: '/hello', receivedAtMs: 0 }
  return { v: 1, meta, batch: items }
}

/** A request of a batch. */
export function item(id: string, fields: object = {}) {
  return { version: '2.0', rawPath: `/${id}`, headers: {}, requestContext: { requestId: id }, ...fields }
}

/** Items with these ids. */
export function batchOfIds(...ids: string[]) {
  return batchOf(...ids.map((id) => item(id)))
}

/** What `Invoke` says: the payload as text, and whether the function failed. */
export interface Answer {
  text: string
  functionError?: string | undefined
}

export async function invoke(client: LambdaClient, FunctionName: string, event: unknown): Promise<Answer> {
  const output = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }))
  return { text: output.Payload?.transformToString() ?? '', functionError: output.FunctionError }
}

/** What `InvokeWithResponseStream` says, chunk by chunk. */
export async function invokeStream(client: LambdaClient, FunctionName: string, event: unknown) {
  const command = new InvokeWithResponseStreamCommand({ FunctionName, Payload: JSON.stringify(event) })
  const { EventStream = [] } = await client.send(command)
  const chunks: string[] = []
  let error: string | undefined
  for await (const { PayloadChunk, InvokeComplete } of EventStream) {
    if (PayloadChunk?.Payload) chunks.push(Buffer.from(PayloadChunk.Payload).toString('latin1'))
    error = InvokeComplete?.ErrorCode
  }
  return { text: Buffer.from(chunks.join(''), 'latin1').toString('utf8'), error }
}

/** A record of the wire format, as far as the tests look at it. */
export interface Record {
  v?: number
  id: string
  type?: string
  statusCode?: number
  headers?: { [name: string]: string }
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}

/** The records in an NDJSON text. */
export function recordsOf(text: string): Record[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** The records of one item, in their order. */
export function recordsById(text: string, id: string): Record[] {
  return recordsOf(text).filter((record) => record.id === id)
}

/** The statuses in an answer of either form, by item. */
export function statusesOf(text: string): Map<string, number | undefined> {
  const document = text.startsWith('{"v": 1, "responses"') || text.startsWith('{"v":1,"responses"')
  const records: Record[] = document ? JSON.parse(text).responses : recordsOf(text)
  return new Map(records.map(({ id, statusCode }) => [id, statusCode]))
}
