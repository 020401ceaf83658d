import { Channel } from './channel.ts'

test('with nobody subscribed the event is not even made', () => {
  const channel = new Channel<{ n: number }>()
  let made = 0
  const make = (): { n: number } => ({ n: ++made })
  channel.publish?.(make())
  expect(made).toBe(0)
  const stop = channel.subscribe(() => undefined)
  channel.publish?.(make())
  stop()
  channel.publish?.(make())
  expect(made).toBe(1)
})

test('subscribers are called in the order in which they came, until they leave', () => {
  const channel = new Channel<string>()
  const heard: string[] = []
  channel.subscribe((event) => heard.push(`1 ${event}`))
  const stop = channel.subscribe((event) => heard.push(`2 ${event}`))
  channel.publish?.('a')
  stop()
  channel.publish?.('b')
  expect(heard).toEqual(['1 a', '2 a', '1 b'])
})

test('a subscriber may leave while it is being told', () => {
  const channel = new Channel<string>()
  const heard: string[] = []
  const stop = channel.subscribe(() => stop())
  channel.subscribe((event) => heard.push(event))
  channel.publish?.('a')
  channel.publish?.('b')
  expect(heard).toEqual(['a', 'b'])
})
