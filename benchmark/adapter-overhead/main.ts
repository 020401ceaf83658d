/**
 * What the Node adapter costs per item: the CPU time of a batch through the adapter, less that of its handler alone, divided
 * by the items. Prints medians of several rounds; the order within a round alternates, so that neither side always
 * meets the warmer machine.
 */
import { Writable } from 'node:stream'
import { batchAdapter, batchAdapterStream } from 'lpr-lambda-adapter'

const ROUNDS = 31
const BATCH_SIZES = [16, 64]
const ITEMS_PER_ROUND = 16_384
/** Aim, in microseconds per item. */
const LIMIT_US = 5

interface Event {
  requestContext: { requestId: string }
  headers: Record<string, string>
}

interface Row {
  mode: string
  batchSize: number
  bareUs: number
  adapterUs: number
  overheadUs: number
}

const body = JSON.stringify({ message: 'hello', at: 'the other end of the batch' })
const handler = async (_event: Event) => {
  await undefined
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body }
}
/** As large as Lambda's. */
const context = {
  awsRequestId: 'invocation',
  functionName: 'demo',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:demo',
  memoryLimitInMB: '512',
  logGroupName: '/aws/lambda/demo',
  logStreamName: '2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef',
  getRemainingTimeInMillis: () => 30_000,
}

const modes: Record<string, (events: Event[]) => Promise<unknown>> = {
  buffered: (events) => buffered(batchOf(events), context),
  'one record': (events) => whole(batchOf(events), new Sink(), context),
  interleaved: (events) => interleaved(batchOf(events), new Sink(), context),
}
const buffered = batchAdapter(handler)
const streamifyResponse = <Handler>(adapted: Handler) => adapted
const whole = batchAdapterStream(handler, { streamifyResponse })
const interleaved = batchAdapterStream(handler, { streamifyResponse, interleaved: true })

class Sink extends Writable {
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done()
  }
}

function batchOf(batch: Event[]) {
  const meta = {
    router: 'lambda-parallel-router',
    route: '/hello',
    receivedAtMs: 0,
    deadlineMs: Date.now() + 30_000,
  }
  return { v: 1 as const, meta, batch }
}

async function bare(events: Event[]): Promise<unknown> {
  return Promise.all(events.map((event) => handler(event)))
}

async function timePerItemUs(
  batchSize: number,
  work: (events: Event[]) => Promise<unknown>,
): Promise<number> {
  const events = Array.from({ length: batchSize }, (_, index) => ({
    requestContext: { requestId: `request-${index}` },
    headers: { host: 'example.com' },
  }))
  const batches = ITEMS_PER_ROUND / batchSize
  const start = cpuUs()
  for (let at = 0; at < batches; at += 1) await work(events)
  return (cpuUs() - start) / (batches * batchSize)
}

async function measure(mode: string, batchSize: number): Promise<Row> {
  const adapted = modes[mode] as (events: Event[]) => Promise<unknown>
  const sides = { bare: [] as number[], adapter: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? (['bare', 'adapter'] as const) : (['adapter', 'bare'] as const)
    for (const side of order) {
      sides[side].push(await timePerItemUs(batchSize, side === 'bare' ? bare : adapted))
    }
  }
  // The first rounds run code that is not compiled yet.
  const bareUs = median(sides.bare.slice(5))
  const adapterUs = median(sides.adapter.slice(5))
  return { mode, batchSize, bareUs, adapterUs, overheadUs: adapterUs - bareUs }
}

/** CPU time of the whole process: unlike the clock it does not run while other programs have the processor. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const rows: Row[] = []
for (const mode of Object.keys(modes)) for (const size of BATCH_SIZES) rows.push(await measure(mode, size))
console.log(`Node.js ${process.version}, microseconds of CPU per item, medians of ${ROUNDS - 5} rounds`)
console.table(
  rows.map(({ mode, batchSize, ...times }) => ({
    mode,
    batch: batchSize,
    ...Object.fromEntries(Object.entries(times).map(([name, us]) => [name.slice(0, -2), us.toFixed(2)])),
  })),
)
process.exitCode = rows.some(({ overheadUs }) => overheadUs > LIMIT_US) ? 1 : 0
