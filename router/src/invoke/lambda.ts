import { HttpResponse } from '@smithy/core/protocols'
import { InvokeError, type InvokeRequest, type InvokeResult, type Invoker } from './invoker.ts'
import { BodyQueue } from './lambda/body-queue.ts'
import { asInvokeError } from './lambda/errors.ts'
import { payloadChunks } from './lambda/event-stream.ts'
import { LambdaPool } from './lambda/pool.ts'
import { SdkLambda, type SignedCall } from './lambda/sdk.ts'

/** The head of an answer, and its body as it comes. */
interface Answer {
  statusCode: number
  headers: Record<string, string>
  body: BodyQueue
}

/**
 * Invokes functions as the AWS SDK would, one client per region of the targets, at a fifth of the CPU: the SDK says what
 * a request looks like and what an error is (`lambda/sdk.ts`), the bytes travel over connections of our own
 * (`lambda/pool.ts`). There are as many connections as there may be invocations at once, so that none waits for one.
 * Nothing is retried here: see `retry.ts`.
 */
export function createLambdaInvoker(maxConnections: number): Invoker {
  const pool = new LambdaPool(maxConnections)
  const clients = new Map<string, SdkLambda>()
  const clientFor = (region: string): SdkLambda => {
    const client = clients.get(region) ?? new SdkLambda(region)
    clients.set(region, client)
    return client
  }
  return {
    async invoke(request) {
      try {
        return await invoke(clientFor(request.target.region), pool, request)
      } catch (error) {
        throw asInvokeError(error)
      }
    },
    close() {
      pool.close()
      for (const client of clients.values()) client.destroy()
    },
  }
}

async function invoke(client: SdkLambda, pool: LambdaPool, request: InvokeRequest): Promise<InvokeResult> {
  const call = await client.sign(request, request.payload)
  const answer = await send(pool, call, request.signal)
  if (answer.statusCode >= 300) return client.failure(request, await wholeResponse(answer))
  call.answered(new HttpResponse({ statusCode: answer.statusCode, headers: answer.headers }))
  if (request.mode === 'response_stream')
    return { kind: 'stream', chunks: asInvokeErrors(payloadChunks(answer.body)) }
  const payload = await collect(answer.body)
  const functionError = answer.headers['x-amz-function-error']
  if (functionError === undefined) return { kind: 'buffered', payload }
  throw new InvokeError('function_error', `${functionError}: ${payload.toString('utf8', 0, 2048)}`)
}

/** Resolves with the head of the answer. */
function send(pool: LambdaPool, call: SignedCall, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = new BodyQueue(() => cancel())
    const cancel = pool.send(call, signal, {
      onHead: (statusCode, headers) => resolve({ statusCode, headers, body }),
      onData: (bytes) => body.push(bytes),
      onEnd: () => body.end(),
      onFailed: (error) => {
        reject(error)
        body.fail(error)
      },
    })
  })
}

async function collect(body: BodyQueue): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of body) parts.push(part)
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
}

async function wholeResponse({ statusCode, headers, body }: Answer): Promise<HttpResponse> {
  return new HttpResponse({ statusCode, headers, body: await collect(body) })
}

async function* asInvokeErrors(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw asInvokeError(error)
  }
}
