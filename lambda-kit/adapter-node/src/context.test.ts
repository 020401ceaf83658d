import { jest } from '@jest/globals'
import { lambdaContext } from '../tests/support.ts'
import { Cancellation } from './cancellation.ts'
import { Invocation, type ItemScope } from './context.ts'
import type { Bounds } from './time-limit.ts'
import type { LambdaContext } from './types.ts'

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  jest.useRealTimers()
})

/** A Lambda context whose invocation ends that many ms from now. */
function endingIn(leftMs: number): Partial<LambdaContext> {
  const end = Date.now() + leftMs
  return lambdaContext({ getRemainingTimeInMillis: () => end - Date.now() })
}

function scopeOf(id: string, bounds: Bounds): ItemScope {
  return new Invocation(bounds).start({ id, event: {} })
}

test('an item has its own id and all else from the Lambda context', () => {
  const shared = Object.assign(lambdaContext(), { addedByAWrapper: 'yes' })
  const { context } = scopeOf('item-1', { lambdaContext: shared })
  expect(context.awsRequestId).toBe('item-1')
  expect(context.functionName).toBe('demo')
  expect(context).toHaveProperty('addedByAWrapper', 'yes')
  expect(shared.awsRequestId).toBe('invocation-1')
})

test('a copy of the context has everything too, as middlewares and loggers make copies', () => {
  const { context } = scopeOf('item-1', { lambdaContext: lambdaContext({ memoryLimitInMB: '128' }) })
  const copy = { ...context }
  expect(copy).toMatchObject({ awsRequestId: 'item-1', functionName: 'demo', memoryLimitInMB: '128' })
  expect(copy.signal).toBe(context.signal)
  expect(JSON.parse(JSON.stringify(context))).toMatchObject({ functionName: 'demo' })
})

test('an item that brings an X-Ray trace has that in its context, not that of the invocation', () => {
  const trace = 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1'
  const invocation = new Invocation({ lambdaContext: lambdaContext({ xRayTraceId: 'Root=invocation' }) })
  const start = (event: unknown) => invocation.start({ id: 'a', event }).context.xRayTraceId
  expect(start({ headers: { 'x-amzn-trace-id': trace } })).toBe(trace)
  for (const event of [{ headers: {} }, { headers: null }, {}, null]) {
    expect(start(event)).toBe('Root=invocation')
  }
})

test('the time left is that of the invocation or of the clients, whichever ends first', () => {
  const lambda = endingIn(10_000)
  const left = (deadlineMs?: number) =>
    scopeOf('a', { lambdaContext: lambda, deadlineMs }).context.getRemainingTimeInMillis()
  expect(left()).toBe(10_000)
  expect(left(Date.now() + 3000)).toBe(3000)
  expect(left(Date.now() + 30_000)).toBe(10_000)
  expect(left(Date.now() - 5)).toBe(0)
})

test('where nobody knows the time left it is one that timers can be set to', () => {
  const { context } = scopeOf('a', { lambdaContext: {} })
  expect(context.getRemainingTimeInMillis()).toBe(2 ** 31 - 1)
})

test('the signal is aborted a little before the clients give up; the item itself is not', () => {
  const scope = scopeOf('a', { lambdaContext: endingIn(60_000), deadlineMs: Date.now() + 8000 })
  jest.advanceTimersByTime(7799)
  expect(scope.context.signal.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect(scope.context.signal.aborted).toBe(true)
  expect(scope.context.signal.reason).toHaveProperty('name', 'DeadlineError')
  jest.advanceTimersByTime(10_000)
  expect(scope.cancelled.cancelled).toBe(false)
})

test('once the head was sent the clients no longer bound the time', () => {
  const scope = scopeOf('a', { lambdaContext: endingIn(60_000), deadlineMs: Date.now() + 8000 })
  scope.headSent()
  jest.advanceTimersByTime(20_000)
  expect(scope.context.signal.aborted).toBe(false)
  expect(scope.context.getRemainingTimeInMillis()).toBe(40_000)
})

test('before the invocation ends the signal is aborted, and later the item is given up', () => {
  const scope = scopeOf('a', { lambdaContext: endingIn(10_000) })
  jest.advanceTimersByTime(9800)
  expect([scope.context.signal.aborted, scope.cancelled.cancelled]).toEqual([true, false])
  jest.advanceTimersByTime(100)
  expect(scope.cancelled.cancelled).toBe(true)
  expect(scope.cancelled.reason).toHaveProperty('name', 'DeadlineError')
})

test('of a short time only a tenth is kept back', () => {
  const scope = scopeOf('a', { lambdaContext: endingIn(500) })
  jest.advanceTimersByTime(449)
  expect(scope.context.signal.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect(scope.context.signal.aborted).toBe(true)
})

test('a deadline further ahead than timers reach aborts nothing', () => {
  const deadlineMs = Number.MAX_SAFE_INTEGER
  const scope = scopeOf('a', { lambdaContext: {}, deadlineMs })
  jest.advanceTimersByTime(1000)
  expect(scope.context.signal.aborted).toBe(false)
})

test('a made-up context without time left does not end the item', () => {
  const scope = scopeOf('a', { lambdaContext: lambdaContext({ getRemainingTimeInMillis: () => 0 }) })
  jest.advanceTimersByTime(1000)
  expect([scope.context.signal.aborted, scope.cancelled.cancelled]).toEqual([false, false])
})

test('an item that starts when the invocation is about to end gets most of what is left', () => {
  const invocation = new Invocation({ lambdaContext: endingIn(10_000) })
  const early = invocation.start({ id: 'a', event: {} })
  jest.advanceTimersByTime(9900)
  const late = invocation.start({ id: 'b', event: {} })
  expect([early.cancelled.cancelled, late.cancelled.cancelled]).toEqual([true, false])
  jest.advanceTimersByTime(89)
  expect(late.context.signal.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect(late.context.signal.aborted).toBe(true)
})

test('a signal asked for late is aborted already', () => {
  const scope = scopeOf('a', { lambdaContext: endingIn(60_000), deadlineMs: Date.now() + 8000 })
  jest.advanceTimersByTime(7900)
  expect(scope.context.signal.reason).toHaveProperty('name', 'DeadlineError')
  expect(scope.context.signal).toBe(scope.context.signal)
})

test('when the stream is gone both the signal and the item end, even if it was gone before', () => {
  const gone = new Cancellation()
  const early = scopeOf('a', { lambdaContext: {}, gone })
  gone.cancel(new Error('gone'))
  const late = scopeOf('b', { lambdaContext: {}, gone })
  for (const scope of [early, late]) {
    expect(scope.context.signal.reason).toEqual(new Error('gone'))
    expect(scope.cancelled.cancelled).toBe(true)
  }
})

test('when all is done no timer is left, and an item that is done hears of nothing any more', () => {
  const gone = new Cancellation()
  const invocation = new Invocation({
    lambdaContext: endingIn(10_000),
    deadlineMs: Date.now() + 5000,
    gone,
  })
  const scope = invocation.start({ id: 'a', event: {} })
  const { signal } = scope.context
  scope.dispose()
  gone.cancel(new Error('gone'))
  expect(signal.aborted).toBe(false)
  invocation.dispose()
  expect(jest.getTimerCount()).toBe(0)
})
