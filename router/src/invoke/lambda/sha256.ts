import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { Checksum, SourceData } from '@smithy/types'

/** Key objects of the secrets that are bytes; the signer keeps its signing keys, so each is asked for again and again. */
const keyObjects = new WeakMap<object, KeyObject>()

/**
 * SHA-256, or HMAC-SHA-256 where there is a secret, for the SDK's signer, which asks for one hash and two HMACs a signature.
 * Of the SDK's own each takes several times as long as the digest itself: it makes objects for what can be done at one go,
 * and gives Node.js the bytes of the key, of which Node.js 24 makes a key object each time.
 */
export class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined
  #chunks: Uint8Array[] = []

  constructor(secret?: SourceData) {
    this.#secret = secret
  }

  /** The bytes are read at the end, and must stay as they are until then. */
  update(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
  }

  digest(): Promise<Uint8Array> {
    const [first] = this.#chunks
    const data = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    return Promise.resolve(digestOf(this.#secret, data))
  }

  reset(): void {
    this.#chunks = []
  }
}

function digestOf(secret: SourceData | undefined, data: Uint8Array): Uint8Array {
  if (secret === undefined) return hash('sha256', data, 'buffer')
  if (typeof secret === 'string') return lastTextHmac(secret, data)
  return createHmac('sha256', keyOf(secret)).update(data).digest()
}

let last: { secret: string; data: Uint8Array; digest: Uint8Array } | undefined

/** With each signature the signer asks for the HMAC of the same access key, to see whether it has a signing key for it. */
function lastTextHmac(secret: string, data: Uint8Array): Uint8Array {
  if (last?.secret !== secret || Buffer.compare(last.data, data) !== 0) {
    const digest = createHmac('sha256', secret).update(data).digest()
    last = { secret, data: Uint8Array.from(data), digest }
  }
  return last.digest
}

function keyOf(secret: Exclude<SourceData, string>): KeyObject {
  const known = keyObjects.get(secret)
  if (known !== undefined) return known
  const bytes = ArrayBuffer.isView(secret)
    ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
    : Buffer.from(secret)
  const key = createSecretKey(bytes)
  keyObjects.set(secret, key)
  return key
}
