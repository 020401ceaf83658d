import {
  bufferedOutcome,
  FEATURES,
  type Inside,
  loadVectors,
  type Mode,
  type Outcome,
  type Report,
  runOf,
  runVector,
  streamOutcome,
  type Target,
  VectorResults,
} from '@lpr/contract/vectors'
import type { HttpEvent } from '../src/index.ts'
import { captureLog, MemoryStream, streamify } from './support.ts'
import { vectorHandlers } from './vector-function.ts'

const CONTEXT = {
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => 30_000,
}

const NODE: Target = {
  features: FEATURES,
  async invoke(event, mode, run) {
    const reports: Report[] = []
    const handlers = vectorHandlers(streamify, (_error, { requestId, phase }) => {
      reports.push({ requestId: requestId === CONTEXT.awsRequestId ? '$invocation' : requestId, phase })
    })
    const outcome = await outcomeOf(handlers, event as HttpEvent, mode)
    const { peak, handled } = runOf(run)
    const inside: Inside = { peak, handled, reports }
    return { ...outcome, inside }
  },
}

async function outcomeOf(
  handlers: ReturnType<typeof vectorHandlers>,
  event: HttpEvent,
  mode: Mode,
): Promise<Outcome> {
  try {
    if (mode === 'buffered') return bufferedOutcome(toJson(await handlers.buffered(event, CONTEXT)))
    const stream = new MemoryStream()
    await handlers[mode](event, stream, CONTEXT)
    return streamOutcome(stream.text)
  } catch (error) {
    return { error: String(error) }
  }
}

/** As the runtime does it: what has no JSON is `null`. */
function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

describe('the Node adapter answers as the contract says', () => {
  // Every one of them: there is nothing in the vectors that JavaScript cannot say.
  const cases = loadVectors().flatMap((vector) => {
    return vector.modes.map((mode) => ({ vector, mode, title: `${vector.name}, ${mode}` }))
  })

  const results = new VectorResults('adapter-node')
  afterAll(() => results.write())

  let log: ReturnType<typeof captureLog>
  beforeEach(() => {
    log = captureLog()
  })
  afterEach(() => log.restore())

  it.each(cases)('$title', async ({ vector, mode }) => {
    const problems = await runVector(vector, mode, NODE)
    results.ran(vector, mode, problems)
    expect(problems).toEqual([])
    const logged = log.lines.map(({ requestId, phase }) => ({ requestId, phase }))
    expect(logged).toHaveLength(vector.expected.inside?.reports?.length ?? 0)
  })
})
