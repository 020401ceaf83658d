import { batchAdapter, batchAdapterStream, type StreamAdapterOptions } from 'lpr-lambda-adapter'
import { batchOf, captureLog, MemoryStream, streamify } from '../../adapter-node/tests/support.ts'
import { type Answer, fold, readAnswer } from './answers.ts'
import type { LambdaHandler } from './apps/app.ts'
import type * as Apps from './apps/index.ts'
import { loadBundled } from './bundled.ts'
import { type Case, mixedCases } from './requests.ts'

const FRAMEWORKS = [
  ['middy', 'middy'],
  ['hono/aws-lambda', 'hono'],
  ['@fastify/aws-lambda', 'fastify'],
  ['serverless-http with Express', 'serverlessHttp'],
  ['@codegenie/serverless-express', 'codegenie'],
] as const

const { handlers, rendezvous } = await loadBundled<typeof Apps>('apps/index.ts')
const CONTEXT = { awsRequestId: 'invocation-1', functionName: 'demo' }

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
})
afterEach(() => log.restore())

describe.each(FRAMEWORKS)('%s, its handler wrapped unchanged', (_name, key) => {
  const handler = handlers[key]

  it('answers 16 requests of a batch side by side, buffered', async () => {
    const { cases, events } = batch()
    const { responses } = await batchAdapter(handler)(batchOf(events), CONTEXT)
    expect(responses.map(({ id }) => id)).toEqual(cases.map(({ name }) => name))
    expectAnswers(cases, new Map(responses.map((response) => [response.id, readAnswer(response)])))
  })

  it.each([
    ['one record each', {}],
    ['interleaved records', { interleaved: true }],
  ])('answers 16 requests of a batch side by side, %s', async (_mode, options) => {
    const { cases, events } = batch()
    expectAnswers(cases, await streamed(handler, events, options))
  })

  it('answers the same requests one by one when API Gateway invokes the function directly', async () => {
    const adapted = batchAdapter(handler)
    for (const one of mixedCases()) {
      rendezvous.expect(1)
      const answer = adapted(one.event, CONTEXT)
      if (one.status !== 500) expectAnswer(one, readAnswer(await answer))
      // Either the framework makes a response of the error, or Lambda does of the rejection.
      else await answer.then((value) => expectAnswer(one, readAnswer(value)), expectOnPurpose)
    }
  })
})

function batch() {
  const cases = mixedCases()
  expect(cases).toHaveLength(16)
  rendezvous.expect(cases.filter(({ handled }) => handled).length)
  return { cases, events: cases.map(({ event }) => event) }
}

async function streamed(
  handler: LambdaHandler,
  events: Case['event'][],
  options: StreamAdapterOptions,
): Promise<Map<string, Answer>> {
  const stream = new MemoryStream()
  const adapted = batchAdapterStream(handler, { ...options, streamifyResponse: streamify })
  await adapted(batchOf(events), stream, CONTEXT)
  return fold(stream.records)
}

function expectAnswers(cases: Case[], answers: Map<string, Answer>): void {
  expect([...answers.keys()].sort()).toEqual(cases.map(({ name }) => name).sort())
  for (const one of cases) expectAnswer(one, answers.get(one.name))
}

function expectAnswer(one: Case, answer: Answer | undefined): void {
  const { name, status, body, contentType, cookies } = one
  expect({ name, status: answer?.status }).toEqual({ name, status })
  if (body !== undefined) expect(answer?.body.toString('latin1')).toBe(Buffer.from(body).toString('latin1'))
  if (contentType) expect(answer?.contentType).toMatch(contentType)
  expect(answer?.cookies).toEqual(cookies ?? [])
}

function expectOnPurpose(error: unknown): void {
  expect(error).toMatchObject({ message: 'on purpose' })
}
