import {
  type AnyRecord,
  breakStream,
  type Call,
  closeConnection,
  functionError,
  lines,
  neverAnswer,
  type ReceivedItem,
  resetConnection,
  type SeededRandom,
  throttle,
} from '@lpr/test-kit'
import { answerOf, CAPPED, KEYED, numberOf, secretsIn } from './traffic.ts'

/** An item event in any payload format. */
interface AnyItem {
  requestContext: { requestId: string }
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  body?: string | null
}

/** What went wrong on the way to the function. */
export interface FunctionFindings {
  /** Items whose parts came from different requests, and batches that mixed tenants. */
  crossings: number
  /** By request number: how often it was invoked. */
  invoked: Uint8Array
  /** By request number: when the last invocation answered it as it should; 0 when it did not. */
  answeredAtMs: Float64Array
}

type Fault = 'none' | 'missing' | 'malformed' | 'duplicate' | 'stray' | 'broken'

/**
 * A function with faults: whole invocations that fail in every way, and among good ones single items that are left out,
 * spoiled, repeated or cut, in random order and random pieces.
 */
export function unreliableFunction(random: SeededRandom, findings: FunctionFindings) {
  return async (call: Call): Promise<void> => {
    inspect(call, findings)
    await pause(random)
    const failure = invocationFault(random, call)
    if (failure !== undefined) return failure(call)
    const text = random.shuffle(call.items as unknown as AnyItem[]).map((item) => {
      const fault = itemFault(random)
      if (['none', 'duplicate', 'stray'].includes(fault))
        findings.answeredAtMs[numberIn(item)] = performance.now()
      return recordsFor(item, fault, call.streaming && random.chance(0.5), random)
    })
    if (call.streaming) await stream(call, interleave(text, random), random)
    else answer(call, text.flat(), random)
  }
}

function inspect(call: Call, findings: FunctionFindings): void {
  const items = call.items as unknown as AnyItem[]
  const tenants = new Set(items.map((item) => header(item, 'x-tenant')))
  if (KEYED.has(call.event.meta.route) && tenants.size !== 1) findings.crossings += 1
  if (call.tenantId !== undefined && !tenants.has(call.tenantId)) findings.crossings += 1
  for (const item of items) {
    if (secretsIn(JSON.stringify(item)).size !== 1) findings.crossings += 1
    const number = numberIn(item)
    findings.invoked[number] = (findings.invoked[number] ?? 0) + 1
    findings.answeredAtMs[number] = 0
  }
}

function invocationFault(random: SeededRandom, { streaming, event }: Call) {
  if (!random.chance(0.05)) return undefined
  if (event.meta.route !== CAPPED && random.chance(0.02)) return neverAnswer
  const faults = [throttle, functionError, resetConnection, closeConnection]
  if (streaming)
    faults.push(
      breakStream('crc', () => '{"v":1,'),
      breakStream('rubbish', () => '\n'),
    )
  return random.pick(faults)
}

function itemFault(random: SeededRandom): Fault {
  if (!random.chance(0.08)) return 'none'
  return random.pick(['missing', 'malformed', 'duplicate', 'stray', 'broken'])
}

function recordsFor(item: AnyItem, fault: Fault, interleaved: boolean, random: SeededRandom): AnyRecord[] {
  const good = interleaved ? pieces(item, random) : [wholeOf(item)]
  const stray = { ...wholeOf(item), id: 'r-nobody' }
  switch (fault) {
    case 'none':
      return good
    case 'missing':
      return []
    case 'malformed':
      return [{ ...wholeOf(item), statusCode: 'fine', headers: { 'x-secret': header(item, 'x-secret') } }]
    case 'duplicate':
      return [...good, ...good]
    case 'stray':
      return [stray, ...good, stray]
    case 'broken':
      return interleaved ? good.slice(0, -1) : [{ ...wholeOf(item), v: 3 }]
  }
}

function wholeOf(item: AnyItem): AnyRecord {
  const secret = header(item, 'x-secret')
  const body = answerOf(secret, item.body ?? '')
  return { v: 1, id: item.requestContext.requestId, statusCode: 200, ...headOf(secret), body }
}

function headOf(secret: string) {
  return { headers: { 'x-secret': secret, 'content-type': 'text/plain' }, cookies: [`secret=${secret}`] }
}

function pieces(item: AnyItem, random: SeededRandom): AnyRecord[] {
  const secret = header(item, 'x-secret')
  const body = answerOf(secret, item.body ?? '')
  const frame = { v: 1, id: item.requestContext.requestId }
  const records: AnyRecord[] = [{ ...frame, type: 'head', statusCode: 200, ...headOf(secret) }]
  for (let at = 0; at < body.length; ) {
    const text = body.slice(at, at + 1 + random.below(body.length))
    const encoded = random.chance(0.5)
      ? { body: Buffer.from(text).toString('base64'), isBase64Encoded: true }
      : { body: text }
    records.push({ ...frame, type: 'chunk', ...encoded })
    at += text.length
  }
  return [...records, { ...frame, type: 'end' }]
}

/** Merges the items' records at random, each item's own in order. */
function interleave(queues: AnyRecord[][], random: SeededRandom): AnyRecord[] {
  const merged: AnyRecord[] = []
  let waiting = queues.filter((queue) => queue.length > 0)
  while (waiting.length > 0) {
    const record = random.pick(waiting).shift()
    if (record !== undefined) merged.push(record)
    waiting = waiting.filter((queue) => queue.length > 0)
  }
  return merged
}

function answer(call: Call, records: AnyRecord[], random: SeededRandom): void {
  const envelope = JSON.stringify({ v: 1, responses: records })
  call.respond(200, random.chance(0.9) ? envelope : lines(...records))
}

/** Sends bytes in pieces that know nothing of lines or characters. */
async function stream(call: Call, records: AnyRecord[], random: SeededRandom): Promise<void> {
  const bytes = Buffer.from(lines(...records))
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(random.chance(0.3) ? 64 : bytes.length)
    call.send(bytes.subarray(at, at + size))
    at += size
    if (random.chance(0.1)) await pause(random)
  }
  call.complete()
}

async function pause(random: SeededRandom): Promise<void> {
  for (let turns = random.below(4); turns > 0; turns--) await new Promise(setImmediate)
}

function header(item: AnyItem, name: string): string {
  return item.headers?.[name] ?? item.multiValueHeaders?.[name]?.[0] ?? ''
}

function numberIn(item: AnyItem | ReceivedItem): number {
  return numberOf(header(item as AnyItem, 'x-secret'))
}
