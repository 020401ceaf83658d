import { answerEnvelope, chunk, head, lines, throttle, whole } from '@lpr/test-kit'
import { until } from './rig.ts'
import { type TracedOptions, TracedRig } from './traced-rig.ts'

/** A rig with an admin server, and metrics the only signal. */
export function startMetered(options: TracedOptions = {}): Promise<TracedRig> {
  const config = { AdminListenAddr: '127.0.0.1:0', ...options.config }
  return TracedRig.start({ environment: { OTEL_TRACES_EXPORTER: 'none' }, ...options, config })
}

/** `/metrics` as a scraper gets it. */
export function metricsPage({ rig }: TracedRig): Promise<Response> {
  return fetch(`http://127.0.0.1:${rig.router.adminAddress?.port}/metrics`)
}

/** What `happen` needs. */
export const EVERYTHING: TracedOptions = {
  config: { MaxBodyBytes: 10 },
  paths: {
    '/b/{id}': { get: { maxBatchSize: 2, retry: { maxAttempts: 2, on: ['throttle'] } } },
    '/s/{id}': { get: { maxBatchSize: 1, invokeMode: 'response_stream' } },
  },
}

/** Makes every metric move: good and bad answers, a retry, a reset, stray records, refusals. */
export async function happen(metered: TracedRig): Promise<void> {
  const { rig } = metered
  rig.lambda.next(
    throttle,
    answerEnvelope((item) => whole(item, item.rawPath.endsWith('bad') ? { statusCode: 1 } : {})),
    (call) => {
      const [item] = call.items
      if (item !== undefined) call.send(lines(head(item), chunk(item, 'half'), { v: 1, id: 'nobody' }))
      call.complete()
    },
  )
  const sent = rig.send('/b/good', '/b/bad')
  await until(() => rig.retries.length === 1)
  rig.clock.advance(1000)
  await sent
  await rig.send('/s/cut')
  await rig.send('/nowhere', { path: '/b/1', body: 'more than ten' })
  await metered.quiet()
}
