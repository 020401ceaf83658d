import { httpEvent, loadedDice } from './testing.ts'
import { tokenEvents } from './tokens.ts'

const never = new AbortController().signal

async function eventsFor(query: Record<string, string>, dice = loadedDice()): Promise<string[]> {
  const events: string[] = []
  for await (const event of tokenEvents(httpEvent('r-1', { queryStringParameters: query }), never, dice))
    events.push(event)
  return events
}

test('each token is an event, and the last event names the request', async () => {
  expect(await eventsFor({ tokens: '2', prefix: 'word' })).toEqual([
    'event: token\ndata: {"index":0,"token":"word-0","delayMs":0}\n\n',
    'event: token\ndata: {"index":1,"token":"word-1","delayMs":0}\n\n',
    'event: done\ndata: {"id":"r-1","tokens":2}\n\n',
  ])
})

test.each([
  [{}, 20],
  [{ count: '3' }, 3],
  [{ tokens: '2', count: '3' }, 2],
  [{ tokens: '0' }, 0],
  [{ tokens: 'many' }, 20],
  [{ tokens: '100000' }, 200],
])('%p asks for %p tokens', async (query: Record<string, string>, expected) => {
  expect(await eventsFor(query)).toHaveLength(expected + 1)
})

test('each event has a delay of its own', async () => {
  const dice = loadedDice()
  const falls = [0, 0.5, 0.999]
  dice.random = () => falls.shift() ?? 0
  await eventsFor({ tokens: '3', 'max-delay': '100' }, dice)
  expect(dice.slept).toEqual([0, 50, 100])
})

test('line breaks in the prefix do not end an event', async () => {
  const [first] = await eventsFor({ tokens: '1', prefix: 'a\n\ndata: b' })
  expect(first?.match(/\n\n/g)).toHaveLength(1)
})

test('an abort ends the events, without the last one', async () => {
  const abort = new AbortController()
  const events: string[] = []
  for await (const event of tokenEvents(httpEvent('r-1'), abort.signal, loadedDice())) {
    events.push(event)
    if (events.length === 3) abort.abort()
  }
  expect(events).toHaveLength(3)
  expect(events.join('')).not.toContain('event: done')
})
