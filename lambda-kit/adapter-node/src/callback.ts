type Callback = (error?: unknown, value?: unknown) => void

/** A handler as the Lambda runtimes up to Node.js 22 call it. */
type CallbackHandler = (event: unknown, context: unknown, callback: Callback) => unknown

/**
 * Has a handler with a callback return a promise instead; one without is left as it is. As in Lambda the number of
 * parameters tells, and a promise that the handler returns counts before its callback.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#nodejs-handler-callback
 */
export function promiseHandler<Handler>(handler: Handler): Handler {
  if (typeof handler !== 'function' || handler.length < 3) return handler
  const old = handler as unknown as CallbackHandler
  const adapted = (event: unknown, context: unknown) => {
    return new Promise((resolve, reject) => {
      const returned = old(event, context, (error, value) => {
        if (error === undefined || error === null) resolve(value)
        else reject(error)
      })
      if (isPromiseLike(returned)) returned.then(resolve, reject)
    })
  }
  return adapted as unknown as Handler
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
