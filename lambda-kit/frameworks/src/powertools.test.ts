import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { jest } from '@jest/globals'
import { batchAdapter, type HttpEvent, type ItemContext } from 'lpr-lambda-adapter'
import { batchOf, httpEvent } from '../../adapter-node/tests/support.ts'
import { loggerPerRequest, metricPerRequest, sharedLogger, sharedMetrics } from './apps/powertools.ts'
import { Rendezvous } from './rendezvous.ts'

/** What Powertools keeps belongs to the process. These tests show what that means in a batch, and the way out. */

const IDS = ['1', '2', '3', '4', '5', '6', '7', '8']
const meeting = new Rendezvous()
const work = () => meeting.arrive()

type Handler = (event: HttpEvent, context: ItemContext) => Promise<string>

const lines: Record<string, unknown>[] = []

beforeEach(() => {
  lines.length = 0
  // Otherwise Powertools writes past the global console; metrics are to be written all the same.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' })
  jest.spyOn(console, 'warn').mockImplementation(() => {})
  for (const method of ['info', 'log'] as const) {
    jest.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(JSON.parse(line))
    })
  }
})
afterEach(() => {
  jest.restoreAllMocks()
  delete process.env.POWERTOOLS_DEV
  delete process.env.POWERTOOLS_METRICS_DISABLED
})

describe('a logger', () => {
  const newLogger = () => new Logger({ serviceName: 'demo' })

  it('that all requests share writes the ids of whoever set them last: the danger', async () => {
    await handleTogether(sharedLogger(newLogger(), work))
    expect(lines.map(({ orderId }) => orderId)).toEqual(IDS.map(() => '8'))
    expect(lines.map(({ function_request_id }) => function_request_id)).toEqual(IDS.map(() => 'item-8'))
  })

  it('of each request, found through AsyncLocalStorage, writes its own: the safe way', async () => {
    await handleTogether(loggerPerRequest(newLogger(), work))
    const ids = lines.map(({ orderId, function_request_id }) => [orderId, function_request_id])
    expect(ids.sort()).toEqual(IDS.map((id) => [id, `item-${id}`]))
  })
})

describe('metrics', () => {
  const newMetrics = () => new Metrics({ namespace: 'demo', serviceName: 'demo' })

  it('that all requests share get the dimension of whoever set it last: the danger', async () => {
    await handleTogether(sharedMetrics(newMetrics(), work))
    expect(lines.map(({ orderId }) => orderId)).toEqual(['8', ...IDS.slice(1).map(() => undefined)])
  })

  it('made anew for each request have its own: the safe way', async () => {
    await handleTogether(metricPerRequest(newMetrics(), work))
    expect(lines.map(({ orderId, handled }) => [orderId, handled]).sort()).toEqual(IDS.map((id) => [id, 1]))
  })
})

/** All items are at work before the first of them goes on. */
async function handleTogether(handler: Handler): Promise<void> {
  meeting.expect(IDS.length)
  const events = IDS.map((id) => ({ ...httpEvent(`item-${id}`), pathParameters: { id } }))
  const { responses } = await batchAdapter(handler)(batchOf(events), { functionName: 'demo' })
  expect(responses.map(({ body }) => body)).toEqual(IDS.map(() => 'ok'))
}
