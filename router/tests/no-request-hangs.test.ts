import { goodBody, type Outcome } from '@lpr/test-kit'
import { ERROR_KINDS, type ErrorCode } from '../src/errors.ts'
import { FAULTS, IDS, STREAM_IDLE_MS } from './faults.ts'
import { Rig, until, verdict } from './rig.ts'

describe.each(FAULTS)('No request hangs with %s when', (_operation, prefix, faults) => {
  let rig: Rig
  beforeAll(async () => {
    rig = await Rig.start({ config: { StreamIdleTimeoutMs: STREAM_IDLE_MS } })
  })
  afterEach(() => rig.forget())
  afterAll(() => rig.stop())

  test.each(faults)('$name', async ({ behaviour, expected, advanceMs }) => {
    rig.lambda.behaviour = behaviour
    const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
    if (advanceMs !== undefined) {
      await rig.lambda.call(1)
      if (advanceMs === STREAM_IDLE_MS) await until(() => rig.requestsEnded.length === 2)
      rig.clock.advance(advanceMs)
    }
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(IDS.map((id) => expected[id] ?? expected.all ?? '200'))
    for (const [index, outcome] of outcomes.entries()) checkAnswer(outcome, `${prefix}/${IDS[index]}`)
    await rig.quiet()
    expect(rig.lambda.calls).toHaveLength(1)
    expect(new Set(rig.requestsEnded.map(({ requestId }) => requestId)).size).toBe(IDS.length)
    expect(rig.requestsEnded).toHaveLength(IDS.length)
    await expectOneAnswerEach(begun.map(({ connection }) => connection))
  })
})

/** Router-made errors say what the contract says and nothing else; good answers are those of the request. */
function checkAnswer({ status, headers, body }: Outcome, path: string): void {
  const code = headers.get('x-lpr-error')?.[0] as ErrorCode | undefined
  if (code === undefined) {
    expect(body.toString()).toBe(goodBody(path))
    return
  }
  const kind: { status: number; title: string; retryAfterSeconds?: number } = ERROR_KINDS[code]
  expect(status).toBe(kind.status)
  expect(headers.get('content-type')).toEqual(['application/problem+json'])
  expect(headers.get('retry-after')?.[0]).toBe(kind.retryAfterSeconds?.toString())
  const [requestId] = headers.get('x-lpr-request-id') ?? []
  expect(JSON.parse(body.toString())).toEqual({
    type: `urn:lpr:error:${code}`,
    title: kind.title,
    status: kind.status,
    code,
    requestId,
  })
}

/** The next bytes on each connection belong to the next request, so the one before had exactly one answer. */
async function expectOneAnswerEach(connections: Awaited<ReturnType<Rig['connect']>>[]): Promise<void> {
  for (const connection of connections) {
    const { status, body } = await connection.request({ path: '/healthz' })
    expect([status, body.toString(), connection.surplus.length]).toEqual([200, 'ok', 0])
  }
}
