import { HttpResponse } from '@smithy/core/protocols'
import { type InvokeCall, InvokeError, type InvokeRequest, type Invoker } from './invoker.ts'
import { asInvokeError } from './lambda/errors.ts'
import { EventStream } from './lambda/event-stream.ts'
import { type AnswerEvents, LambdaPool, type PoolCall } from './lambda/pool.ts'
import { SdkLambda, type SignedCall } from './lambda/sdk.ts'

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
    invoke: (request) => new LambdaCall(clientFor(request.target.region), pool, request),
    close() {
      pool.close()
      for (const client of clients.values()) client.destroy()
    },
  }
}

class LambdaCall implements InvokeCall {
  readonly answer: Promise<Buffer | undefined>
  readonly #client: SdkLambda
  readonly #pool: LambdaPool
  readonly #request: InvokeRequest
  #sent: PoolCall | undefined
  #cancelled: Error | undefined

  constructor(client: SdkLambda, pool: LambdaPool, request: InvokeRequest) {
    this.#client = client
    this.#pool = pool
    this.#request = request
    this.answer = this.#run()
  }

  cancel(reason: Error): void {
    this.#cancelled ??= reason
    this.#sent?.cancel(reason)
  }

  async #run(): Promise<Buffer | undefined> {
    try {
      const signed = await this.#client.sign(this.#request, this.#request.payload)
      if (this.#cancelled !== undefined) throw this.#cancelled
      const { statusCode, headers, body } = await this.#send(signed)
      if (statusCode >= 300)
        return await this.#client.failure(this.#request, new HttpResponse({ statusCode, headers, body }))
      if (this.#request.mode === 'response_stream') return undefined
      const functionError = headers['x-amz-function-error']
      if (functionError === undefined) return body
      throw new InvokeError('function_error', `${functionError}: ${body.toString('utf8', 0, 2048)}`)
    } catch (error) {
      throw asInvokeError(error)
    }
  }

  #send(signed: SignedCall): Promise<WholeAnswer> {
    return new Promise((resolve, reject) => {
      const answer = new AnswerCollector(signed, this.#request, resolve, reject)
      this.#sent = this.#pool.send(signed, answer)
    })
  }
}

/** An answer at its end; the body of a stream has been handed on before. */
interface WholeAnswer {
  statusCode: number
  headers: Record<string, string>
  body: Buffer
}

/** Reads an answer as it comes. Nothing slows it down: the slowest of its clients must not hold up the others. */
class AnswerCollector implements AnswerEvents {
  readonly #signed: SignedCall
  readonly #request: InvokeRequest
  readonly #resolve: (answer: WholeAnswer) => void
  readonly #reject: (error: unknown) => void
  readonly #parts: Buffer[] = []
  #statusCode = 0
  #headers: Record<string, string> = {}
  #stream: EventStream | undefined

  constructor(
    signed: SignedCall,
    request: InvokeRequest,
    resolve: (answer: WholeAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signed = signed
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  onHead(statusCode: number, headers: Record<string, string>): void {
    this.#statusCode = statusCode
    this.#headers = headers
    if (statusCode >= 300) return
    this.#signed.answered(new HttpResponse({ statusCode, headers }))
    const { mode, onChunk } = this.#request
    if (mode === 'response_stream') this.#stream = new EventStream((bytes) => onChunk?.(bytes))
  }

  onData(bytes: Buffer): void {
    if (this.#stream === undefined) this.#parts.push(bytes)
    else this.#stream.push(bytes)
  }

  onEnd(): void {
    this.#stream?.end()
    const [first] = this.#parts
    const body = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts)
    this.#resolve({ statusCode: this.#statusCode, headers: this.#headers, body })
  }

  onFailed(error: unknown): void {
    this.#reject(error)
  }
}
