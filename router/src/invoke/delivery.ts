import { isObject, WIRE_VERSION } from '@lpr/contract'
import type { Batch } from '../batching/batch.ts'
import type { Item } from '../batching/item.ts'
import { RouterError } from '../errors.ts'
import { readBody, readHead } from './response.ts'

/** Records that reached nobody, for logs and metrics. */
export interface StrayRecords {
  /** Not JSON, not an object, without an id, or too long. */
  malformed: number
  /** With an id that the batch never had. */
  unknown: number
  /** For a request that has its outcome, or whose client has gone. */
  late: number
}

/** Hardly ever. */
export function hasStrays({ malformed, unknown, late }: StrayRecords): boolean {
  return malformed + unknown + late > 0
}

type Fields = Record<string, unknown>

/** Hands the records of one invocation to the requests that wait for them. A bad record fails its own request only. */
export class Delivery {
  stray: StrayRecords = { malformed: 0, unknown: 0, late: 0 }
  /** Whether any request has been answered, in whole or in part. From then on the invocation must not be repeated. */
  touched = false
  readonly #batch: Batch
  readonly #items: Item[]
  /** Whose record comes next, if the function answers in the order of the batch. */
  #next = 0
  #byId: Map<string, Item> | undefined

  constructor(batch: Batch) {
    this.#batch = batch
    this.#items = [...batch.items]
  }

  /** Whether every request has its outcome. */
  get complete(): boolean {
    return this.#batch.items.size === 0
  }

  /** Applies one record: a whole response, or one event of an interleaved one. Unknown types are ignored. */
  record(record: unknown, version: unknown = isObject(record) ? record.v : undefined): void {
    if (!isObject(record) || typeof record.id !== 'string') {
      this.stray.malformed += 1
      return
    }
    const item = this.#waiting(record.id)
    if (item === undefined) return
    this.touched = true
    try {
      if (version !== WIRE_VERSION) throw invalid(`v must be ${WIRE_VERSION}, got ${JSON.stringify(version)}`)
      this.#apply(item, record)
    } catch (error) {
      this.#settle(item)
      item.reply.fail(error instanceof RouterError ? error : invalid(String(error)))
    }
  }

  /** What has strayed since it was last taken: an invocation may have several attempts, each with its own. */
  takeStray(): StrayRecords {
    const { stray } = this
    this.stray = { malformed: 0, unknown: 0, late: 0 }
    return stray
  }

  /** Fails every request that has no outcome yet. */
  failRest(error: RouterError): void {
    for (const item of [...this.#batch.items]) {
      this.#settle(item)
      item.reply.fail(error)
    }
  }

  /** To be called when the function has said all: whoever has no outcome by now was left out. */
  finish(): void {
    if (!this.complete)
      this.failRest(new RouterError('missing_function_response', 'the response ended without this request'))
  }

  #apply(item: Item, record: Fields): void {
    switch (record.type) {
      case undefined:
        this.#whole(item, record)
        break
      case 'head':
        if (!item.reply.started) item.reply.head(readHead(record, 200))
        break
      case 'chunk':
        this.#chunk(item, record)
        break
      case 'end':
        this.#end(item)
        break
      case 'error':
        this.#error(item, record)
        break
    }
  }

  #whole(item: Item, record: Fields): void {
    if (item.reply.started) throw invalid('a whole response came after a head')
    const head = readHead(record)
    const body = readBody(record)
    this.#settle(item)
    item.reply.respond(head, body)
  }

  #chunk({ reply }: Item, record: Fields): void {
    const data = readBody(record)
    if (!reply.started) reply.head({ statusCode: 200, headers: [] })
    reply.chunk(data)
  }

  #end(item: Item): void {
    this.#settle(item)
    if (item.reply.started) item.reply.end()
    else item.reply.respond({ statusCode: 200, headers: [] }, new Uint8Array())
  }

  /** Before the head an error is an answer like any other, with the function's own status and text. */
  #error(item: Item, record: Fields): void {
    this.#settle(item)
    const text = typeof record.message === 'string' ? record.message : 'error'
    if (item.reply.started) {
      item.reply.fail(new RouterError('function_error', `error record after the head: ${text}`))
      return
    }
    const status = Number(record.statusCode)
    const statusCode = Number.isInteger(status) && status >= 200 && status <= 999 ? status : 502
    item.reply.respond(
      { statusCode, headers: ['content-type', 'text/plain; charset=utf-8'] },
      Buffer.from(text),
    )
  }

  #waiting(id: string): Item | undefined {
    const item = this.#find(id)
    if (item === undefined) this.stray.unknown += 1
    else if (item.batch === this.#batch) return item
    else this.stray.late += 1
    return undefined
  }

  /** Most functions answer in the order of the batch, and then ids need not be looked up. */
  #find(id: string): Item | undefined {
    const next = this.#items[this.#next]
    if (next?.id === id) {
      this.#next += 1
      return next
    }
    this.#byId ??= new Map(this.#items.map((item) => [item.id, item]))
    return this.#byId.get(id)
  }

  #settle(item: Item): void {
    this.#batch.remove(item)
  }
}

function invalid(detail: string): RouterError {
  return new RouterError('invalid_function_response', detail)
}
