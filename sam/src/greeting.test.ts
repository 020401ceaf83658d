import { greet } from './greeting.ts'
import { httpEvent, loadedDice } from './testing.ts'

test('a greeting says what was asked, of whom, and how long it took', async () => {
  const event = httpEvent('r-1', {
    queryStringParameters: { 'max-delay': '100' },
    body: Buffer.from('grüß').toString('base64'),
    isBase64Encoded: true,
  })
  const dice = loadedDice(0.5)
  expect(await greet(event, dice)).toEqual({
    ok: true,
    id: 'r-1',
    greeting: 'hello',
    method: 'GET',
    path: '/buffering/simple/hello',
    routeKey: 'GET /buffering/simple/{greeting}',
    query: { 'max-delay': '100' },
    pathParameters: { greeting: 'hello' },
    maxDelayMs: 100,
    delayMs: 50,
    bodyUtf8: 'grüß',
  })
  expect(dice.slept).toEqual([50])
})

test('without query, parameters and body there is nothing to say of them', async () => {
  const { queryStringParameters: _query, pathParameters: _parameters, ...event } = httpEvent('r-1')
  expect(await greet(event, loadedDice())).toMatchObject({
    query: {},
    pathParameters: {},
    greeting: undefined,
    bodyUtf8: undefined,
  })
})
