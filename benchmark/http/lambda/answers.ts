import { FUNCTION_US_HEADER } from '../load/tally.ts'

/** What the benchmark's function does with each item. */
export interface FunctionSettings {
  /** From the invocation to its first answer. */
  serviceMs: number
  /** Body of an answer; of each event, where `events` are set. */
  bodyBytes: number
  /** Server-sent events: an answer is so many, one every `intervalMs`. Only on routes that stream. */
  events?: { count: number; intervalMs: number }
  /** Keep the arrival times of the items, as the router has put them into the events. */
  keepArrivals?: boolean
}

/** Marks a batch event; whatever has it not near its start is a plain event. */
const BATCH_MARK = '"batch":['
const BATCH_MARK_WITHIN = 1024
const ID_MARK = '"requestId":"'
const TIME_MARK = '"timeEpoch":'
const TIME_DIGITS = 13

/** The ids of the items of a batch event, in order; undefined for the event of a single request. */
export function itemIds(payload: Buffer): string[] | undefined {
  if (payload.subarray(0, BATCH_MARK_WITHIN).indexOf(BATCH_MARK) < 0) return undefined
  const ids: string[] = []
  // The event is searched, not parsed: the function must cost little, and its ids are all that it needs.
  for (let at = payload.indexOf(ID_MARK); at >= 0; at = payload.indexOf(ID_MARK, at + 1)) {
    const from = at + ID_MARK.length
    ids.push(payload.toString('latin1', from, payload.indexOf('"', from)))
  }
  return ids
}

/** When the items of a batch event arrived at the router, Unix time in ms. */
export function itemArrivals(payload: Buffer): number[] {
  const times: number[] = []
  for (let at = payload.indexOf(TIME_MARK); at >= 0; at = payload.indexOf(TIME_MARK, at + 1)) {
    const from = at + TIME_MARK.length
    times.push(Number(payload.toString('latin1', from, from + TIME_DIGITS)))
  }
  return times
}

/** Answers whose every part but the ids and the function's own time was made beforehand. */
export class Answers {
  readonly #body: string
  readonly #contentType: string

  constructor({ bodyBytes, events }: FunctionSettings) {
    const text = 'abcdefghijklmnopqrstuvwxyz '.repeat(Math.ceil(bodyBytes / 27)).slice(0, bodyBytes)
    this.#body = events === undefined ? text : `data: ${text}\\n\\n`
    this.#contentType = events === undefined ? 'text/plain' : 'text/event-stream'
  }

  /** To the event of one request: what any function behind API Gateway returns. */
  plain(functionUs: number): Buffer {
    return Buffer.from(`{${this.#head(functionUs)},"body":"${this.#body}"}`, 'latin1')
  }

  /** To a batch event, as one document. */
  envelope(ids: string[], functionUs: number): Buffer {
    const rest = `",${this.#head(functionUs)},"body":"${this.#body}"}`
    return Buffer.from(`{"v":1,"responses":[{"id":"${ids.join(`${rest},{"id":"`)}${rest}]}`, 'latin1')
  }

  /** An item's answer as records: the first ones, up to the first part of the body. */
  opening(id: string, functionUs: number): string {
    return `{"v":1,"id":"${id}","type":"head",${this.#head(functionUs)}}\n${this.chunk(id)}`
  }

  chunk(id: string): string {
    return `{"v":1,"id":"${id}","type":"chunk","body":"${this.#body}"}\n`
  }

  end(id: string): string {
    return `{"v":1,"id":"${id}","type":"end"}\n`
  }

  #head(functionUs: number): string {
    const time = `"${FUNCTION_US_HEADER}":"${functionUs}"`
    return `"statusCode":200,"headers":{"content-type":"${this.#contentType}",${time}}`
  }
}
