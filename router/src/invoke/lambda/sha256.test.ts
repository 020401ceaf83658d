import { createHash, createHmac } from 'node:crypto'
import { Hash } from '@smithy/core/serde'
import { Sha256 } from './sha256.ts'

const DATA = Buffer.from('what is to be signed')

async function digestOf(secret?: ConstructorParameters<typeof Sha256>[0]): Promise<string> {
  const hash = new Sha256(secret)
  hash.update(DATA.subarray(0, 5))
  hash.update(DATA.subarray(5))
  return Buffer.from(await hash.digest()).toString('hex')
}

test('without a secret it is SHA-256', async () => {
  expect(await digestOf()).toBe(createHash('sha256').update(DATA).digest('hex'))
})

test('with a secret, text or bytes, it is the HMAC that the SDK would make', async () => {
  const bytes = Buffer.from('key: \u00e9')
  const expected = createHmac('sha256', bytes).update(DATA).digest('hex')
  const window = new Uint8Array([0, ...bytes, 0]).subarray(1, bytes.length + 1)
  const own = Uint8Array.from(bytes)
  expect(await digestOf('key: \u00e9')).toBe(expected)
  expect(await digestOf(window)).toBe(expected)
  expect(await digestOf(own.buffer)).toBe(expected)
  const sdk = new Hash('sha256', 'key: \u00e9')
  sdk.update(DATA)
  expect(Buffer.from(await sdk.digest()).toString('hex')).toBe(expected)
})

test('what was asked for last is told again only for the same text and the same data', async () => {
  const hmac = async (secret: string, data: string) => {
    const hash = new Sha256(secret)
    hash.update(Buffer.from(data))
    return Buffer.from(await hash.digest()).toString('hex')
  }
  for (const [secret, data] of [
    ['a', 'x'],
    ['a', 'x'],
    ['b', 'x'],
    ['b', 'y'],
    ['b', ''],
    ['a', 'x'],
  ] as const)
    expect(await hmac(secret, data)).toBe(createHmac('sha256', secret).update(data).digest('hex'))
})

test('the same bytes may be the key of any number of digests', async () => {
  const secret = new Uint8Array([1, 2, 3])
  expect(await digestOf(secret)).toBe(await digestOf(secret))
  expect(await digestOf(secret)).not.toBe(await digestOf(new Uint8Array([1, 2, 4])))
})

test('it begins anew after a reset', async () => {
  const hash = new Sha256('key')
  hash.update(Buffer.from('something else'))
  hash.reset()
  hash.update(DATA)
  expect(Buffer.from(await hash.digest()).toString('hex')).toBe(await digestOf('key'))
})
