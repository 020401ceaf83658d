import { AsyncLocalStorage } from 'node:async_hooks'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import type { HttpEvent, ItemContext } from 'lpr-lambda-adapter'

type Work = (event: HttpEvent) => Promise<void>

/**
 * The usual way, right where a process handles one request at a time. **Wrong in a batch**: the logger is one for all
 * items, so that each writes the ids of whoever set them last.
 */
export function sharedLogger(logger: Logger, work: Work) {
  return async (event: HttpEvent, context: ItemContext) => {
    logger.addContext(context as never)
    logger.appendKeys({ orderId: event.pathParameters?.id })
    await work(event)
    logger.info('done')
    return 'ok'
  }
}

const current = new AsyncLocalStorage<Logger>()

/** The logger of the request that the calling code works for; for code that has no logger passed to it. */
export function currentLogger(): Logger {
  return current.getStore() ?? new Logger()
}

/** The safe way: a child for each request, found again through AsyncLocalStorage. */
export function loggerPerRequest(parent: Logger, work: Work) {
  return async (event: HttpEvent, context: ItemContext) => {
    const child = parent.createChild()
    child.addContext(context as never)
    child.appendKeys({ orderId: event.pathParameters?.id })
    return current.run(child, async () => {
      await work(event)
      currentLogger().info('done')
      return 'ok'
    })
  }
}

/** Metrics are shared as well. `singleMetric` has dimensions of its own, and so nothing to mix up. */
export function metricPerRequest(metrics: Metrics, work: Work) {
  return async (event: HttpEvent) => {
    const metric = metrics.singleMetric()
    metric.addDimension('orderId', event.pathParameters?.id ?? '')
    await work(event)
    metric.addMetric('handled', 'Count', 1)
    return 'ok'
  }
}

/** **Wrong in a batch**: the dimension of one item stands on the metric of another. */
export function sharedMetrics(metrics: Metrics, work: Work) {
  return async (event: HttpEvent) => {
    metrics.addDimension('orderId', event.pathParameters?.id ?? '')
    await work(event)
    metrics.addMetric('handled', 'Count', 1)
    metrics.publishStoredMetrics()
    return 'ok'
  }
}
