import { type HandlerTraits, traitsOf } from './awslambda.ts'
import { type Context, createContext } from './context.ts'
import { RuntimeError, toErrorReport } from './errors.ts'
import type { Handler } from './load-handler.ts'
import { ResponseStream } from './response-stream.ts'
import type { RuntimeClient } from './runtime-client.ts'

/** Runs one invocation and reports its result. Rejects only when the Runtime API does not take the report. */
export type Invoker = (event: unknown, context: Context) => Promise<void>

/** Chooses how a handler is called. Throws `Runtime.CallbackHandlerDeprecated` for one that wants a callback. */
export function createInvoker(handler: Handler, client: RuntimeClient): Invoker {
  const traits = traitsOf(handler)
  if (traits.streaming) return (event, context) => invokeStreaming(handler, traits, client, event, context)
  if (handler.length >= 3) {
    const message = 'Callback-based handlers are not supported since Node.js 24: return a promise instead.'
    throw new RuntimeError('Runtime.CallbackHandlerDeprecated', message)
  }
  return (event, context) => invokeBuffered(handler, client, event, context)
}

/** Takes invocations one after another, for ever. */
export async function serveInvocations(invoke: Invoker, client: RuntimeClient): Promise<never> {
  while (true) {
    const { event, headers } = await client.next()
    const context = createContext(headers)
    if (context.xRayTraceId !== undefined) process.env._X_AMZN_TRACE_ID = context.xRayTraceId
    await invoke(JSON.parse(event), context)
  }
}

async function invokeBuffered(
  handler: Handler,
  client: RuntimeClient,
  event: unknown,
  context: Context,
): Promise<void> {
  let json: string
  try {
    json = toJson(await handler(event, context))
  } catch (error) {
    return reportError(client, context, error)
  }
  await client.postResponse(context.awsRequestId, json)
}

async function invokeStreaming(
  handler: Handler,
  { highWaterMark }: HandlerTraits,
  client: RuntimeClient,
  event: unknown,
  context: Context,
): Promise<void> {
  const stream = new ResponseStream(client, context.awsRequestId, highWaterMark)
  // The handler may not listen for errors; `ended` reports them.
  stream.on('error', () => undefined)
  try {
    await callStreaming(handler, event, stream, context)
    await stream.ended()
  } catch (error) {
    if (!stream.opened) return reportError(client, context, error)
    logInvokeError(error)
    await stream.fail(error)
  }
}

async function callStreaming(handler: Handler, event: unknown, stream: ResponseStream, context: Context) {
  const result = handler(event, stream, context)
  if (!isPromise(result)) throw new Error('Streaming does not support non-async handlers.')
  if ((await result) !== undefined) console.warn('Streaming handlers ignore return values.')
}

function reportError(client: RuntimeClient, context: Context, error: unknown): Promise<void> {
  logInvokeError(error)
  return client.postError(context.awsRequestId, toErrorReport(error))
}

function logInvokeError(error: unknown): void {
  console.error('Invoke Error', error)
}

function toJson(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null'
  } catch {
    throw new RuntimeError('Runtime.JSONStringifyError', 'Unable to stringify response body')
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
