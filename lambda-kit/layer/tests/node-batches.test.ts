import { startLambda, stopLambdas } from '../../../toolkit/src/local-lambda/test-functions.ts'
import {
  batchOf,
  batchOfIds,
  buildAll,
  invoke,
  invokeStream,
  item,
  layerFunction,
  recordsById,
  recordsOf,
  removeAll,
} from './support.ts'

beforeAll(buildAll)
afterEach(stopLambdas)
afterAll(removeAll)

/** Answers with its id as soon as as many items as `together` says have begun. */
const MEETING = `
  let begun = 0
  const waiting = []
  export const handler = async (event) => {
    begun += 1
    const { together } = event
    if (begun >= together) for (const go of waiting) go()
    else await new Promise((resolve) => waiting.push(resolve))
    return { statusCode: 200, body: event.requestContext.requestId }
  }`

/** Answers with the most items that were ever at work at once. */
const PEAK = `
  let running = 0
  let peak = 0
  export const handler = async () => {
    running += 1
    peak = Math.max(peak, running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    running -= 1
    return { statusCode: 200, body: String(peak) }
  }`

const IDS = Array.from({ length: 16 }, (_, index) => `item-${index}`)

test('all items of a batch have begun before the first is done', async () => {
  const { client } = await startLambda([layerFunction(MEETING, { name: 'meeting' })])
  const items = IDS.map((id) => item(id, { together: IDS.length }))
  const { text } = await invokeStream(client, 'meeting', batchOf(...items))
  expect(recordsOf(text).map(({ statusCode }) => statusCode)).toEqual(IDS.map(() => 200))
  for (const id of IDS) expect(recordsById(text, id)).toMatchObject([{ v: 1, body: id }])
})

test.each(['buffered', 'response_stream'])(
  'LPR_MAX_CONCURRENCY bounds the items at work, %s',
  async (mode) => {
    const environment = { LPR_MAX_CONCURRENCY: '3', LPR_INVOKE_MODE: mode }
    const { client } = await startLambda([layerFunction(PEAK, { name: 'peak', environment })])
    const { text } = await invoke(client, 'peak', batchOfIds(...IDS))
    const records = mode === 'buffered' ? JSON.parse(text).responses : recordsOf(text)
    expect(Math.max(...records.map(({ body }: { body: string }) => Number(body)))).toBe(3)
  },
)

test('a record goes out as soon as its item is done, whatever the others do', async () => {
  const source = `
    let other
    const done = new Promise((resolve) => (other = resolve))
    export const handler = async ({ requestContext: { requestId } }) => {
      if (requestId === 'slow') await done
      else setTimeout(other, 5)
      return { statusCode: 200, body: requestId }
    }`
  const { client } = await startLambda([layerFunction(source, { name: 'order' })])
  const { text } = await invokeStream(client, 'order', batchOfIds('slow', 'quick'))
  expect(recordsOf(text).map(({ id }) => id)).toEqual(['quick', 'slow'])
})

test('LPR_INVOKE_MODE=buffered answers with one document', async () => {
  const environment = { LPR_INVOKE_MODE: 'buffered' }
  const source = 'export const handler = async (event) => ({ path: event.rawPath })'
  const { client } = await startLambda([layerFunction(source, { name: 'document', environment })])
  const { text } = await invoke(client, 'document', batchOfIds('a', 'b'))
  const headers = { 'content-type': 'application/json' }
  const common = { statusCode: 200, headers, isBase64Encoded: false }
  const responses = ['a', 'b'].map((id) => ({ id, ...common, body: `{"path":"/${id}"}` }))
  expect(JSON.parse(text)).toEqual({ v: 1, responses })
})

describe.each(['buffered', 'response_stream'])('with LPR_INVOKE_MODE=%s', (mode) => {
  const environment = { LPR_INVOKE_MODE: mode }
  const answersOf = (text: string) => (mode === 'buffered' ? JSON.parse(text).responses : recordsOf(text))

  test('an empty batch is answered at once', async () => {
    const source = 'export const handler = async () => 1'
    const { client } = await startLambda([layerFunction(source, { name: 'empty', environment })])
    const { text, functionError } = await invoke(client, 'empty', batchOf())
    expect(functionError).toBeUndefined()
    expect(answersOf(text)).toEqual([])
  })

  test('an item that fails is logged with its id, and the others are answered', async () => {
    const source = `export const handler = async ({ requestContext: { requestId } }) => {
      if (requestId === 'bad') throw new Error('the reason')
      return 'fine'
    }`
    const { client, logs } = await startLambda([layerFunction(source, { name: 'failing', environment })])
    const { text } = await invoke(client, 'failing', batchOfIds('a', 'bad', 'b'))
    const statuses = answersOf(text).map(({ id, statusCode }: never) => [id, statusCode])
    expect(new Map(statuses)).toEqual(
      new Map([
        ['a', 200],
        ['b', 200],
        ['bad', 500],
      ] as never),
    )
    expect(text).not.toContain('the reason')
    const logged = logs.find(({ text: line }) => line.includes('the reason'))?.text ?? '{}'
    // A runtime may put time and id in front of what a function writes.
    expect(JSON.parse(logged.slice(logged.indexOf('{')))).toMatchObject({
      requestId: 'bad',
      phase: 'handler',
      level: 'error',
    })
  })

  test('an item that hangs is given up before the function would be, and the others are answered', async () => {
    const source = `export const handler = async ({ requestContext: { requestId } }) => {
      if (requestId === 'hung') await new Promise(() => setTimeout(() => {}, 60_000))
      return 'fine'
    }`
    const hanging = layerFunction(source, { name: 'hanging', environment, timeoutMs: 3000 })
    const { client } = await startLambda([hanging])
    const { text, functionError } = await invoke(client, 'hanging', batchOfIds('hung', 'a'))
    expect(functionError).toBeUndefined()
    const statuses = answersOf(text).map(({ id, statusCode }: never) => [id, statusCode])
    expect(new Map(statuses)).toEqual(
      new Map([
        ['hung', 504],
        ['a', 200],
      ] as never),
    )
  })

  test('bodies of more than 2 MB come through', async () => {
    const source = "export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(2_500_000) })"
    const { client } = await startLambda([layerFunction(source, { name: 'large', environment })])
    const { text } = await invoke(client, 'large', batchOfIds('a', 'b'))
    for (const id of ['a', 'b']) {
      const records = answersOf(text).filter((record: { id: string }) => record.id === id)
      const length = records.reduce((sum: number, { body = '' }) => sum + (body as string).length, 0)
      expect(length).toBe(2_500_000)
    }
  })

  test('a batch of a version that is not known fails the invocation and says so', async () => {
    const source = 'export const handler = async () => 1'
    const { client } = await startLambda([layerFunction(source, { name: 'version', environment })])
    const { text, functionError } = await invoke(client, 'version', { ...batchOfIds('a'), v: 2 })
    expect(functionError).toBe('Unhandled')
    expect(JSON.parse(text).errorMessage).toContain('expected version 1, got 2')
  })
})

test('each item has a context of its own, and a signal for its end', async () => {
  const source = `export const handler = async (event, context) => ({
    id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis() > 0,
    signal: context.signal.aborted, handler: process.env._HANDLER,
  })`
  const { client } = await startLambda([layerFunction(source, { name: 'context' })])
  const { text } = await invoke(client, 'context', batchOfIds('a'))
  const body = JSON.parse(recordsOf(text)[0]?.body ?? '')
  expect(body).toEqual({ id: 'a', name: 'context', left: true, signal: false, handler: 'app.handler' })
})
