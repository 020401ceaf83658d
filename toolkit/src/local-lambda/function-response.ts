import type { IncomingMessage } from 'node:http'
import { FunctionFailure } from './errors.ts'
import { readBody } from './http-body.ts'
import type { InvocationOutput } from './invocation.ts'
import { MAX_PAYLOAD_BYTES, MAX_STREAM_BYTES } from './limits.ts'
import { parseFailure } from './runtime-api.ts'
import { RuntimeApiError } from './runtime-api-error.ts'

/** How a function's answer ended: what to tell the caller, and what to tell the runtime if it is to be refused. */
export interface ResponseEnd {
  failure?: FunctionFailure
  refusal?: RuntimeApiError
}

/**
 * Whether the answer is passed on as it comes. A runtime says so by `Lambda-Runtime-Function-Response-Mode`, but for
 * aws-lambda-go, which only sends its answer in chunks: those reach a caller who asked for a stream all the same.
 */
export function isStreaming(body: IncomingMessage, { streams }: InvocationOutput): boolean {
  const mode = body.headers['lambda-runtime-function-response-mode']?.toString()
  if (mode !== undefined && mode.toLowerCase() !== 'streaming') throw RuntimeApiError.invalidMode(mode)
  return mode !== undefined || (streams && body.headers['content-length'] === undefined)
}

/**
 * Passes a function's answer on to the caller, a streamed one as it arrives and no faster than the caller takes it.
 * Rejects with `TruncatedHTTPRequest` when the connection breaks first.
 */
export async function forwardResponse(
  body: IncomingMessage,
  streaming: boolean,
  output: InvocationOutput,
): Promise<ResponseEnd> {
  try {
    return streaming ? await forwardStream(body, output) : await forwardBuffer(body, output)
  } catch (error) {
    throw body.complete ? error : RuntimeApiError.truncated()
  }
}

async function forwardBuffer(body: IncomingMessage, output: InvocationOutput): Promise<ResponseEnd> {
  const bytes = await readBody(body, MAX_PAYLOAD_BYTES)
  if (bytes === undefined) {
    return { failure: responseTooLarge(MAX_PAYLOAD_BYTES), refusal: RuntimeApiError.tooLarge() }
  }
  output.begin(contentTypeOf(body))
  if (bytes.length > 0) await output.write(bytes)
  return {}
}

async function forwardStream(body: IncomingMessage, output: InvocationOutput): Promise<ResponseEnd> {
  let size = 0
  output.begin(contentTypeOf(body))
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_STREAM_BYTES) await output.write(chunk)
  }
  if (size > MAX_STREAM_BYTES) return { failure: responseTooLarge(MAX_STREAM_BYTES) }
  const failure = failureInTrailers(body)
  return failure === undefined ? {} : { failure }
}

/** A response over a limit, in Lambda's words. */
export function responseTooLarge(limitBytes: number): FunctionFailure {
  const message = `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`
  return FunctionFailure.of('Function.ResponseSizeTooLarge', message)
}

/** A failure in mid-stream, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming */
function failureInTrailers({ trailers }: IncomingMessage): FunctionFailure | undefined {
  const errorType = trailers['lambda-runtime-function-error-type']
  const body = trailers['lambda-runtime-function-error-body']
  if (errorType === undefined && body === undefined) return undefined
  return parseFailure(Buffer.from(body ?? '', 'base64'), errorType)
}

function contentTypeOf(body: IncomingMessage): string {
  return body.headers['content-type'] ?? 'application/octet-stream'
}
