import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Checksum, SourceData } from '@smithy/types'

/** Key objects of the secrets that are bytes; the signer keeps its signing keys, so each is asked for again and again. */
const keyObjects = new WeakMap<object, KeyObject>()

/**
 * SHA-256, or HMAC-SHA-256 where there is a secret, for the SDK's signer, which asks for two HMACs a signature. The SDK's
 * own gives Node.js the bytes of the key. Node.js 24 makes a key object of them each time, which takes four times as long
 * as the HMAC.
 */
export class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined
  #hash: { update(data: Uint8Array): unknown; digest(): Buffer }

  constructor(secret?: SourceData) {
    this.#secret = secret
    this.#hash = this.#begin()
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }

  reset(): void {
    this.#hash = this.#begin()
  }

  #begin() {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(this.#secret))
  }
}

function keyOf(secret: SourceData): string | KeyObject {
  if (typeof secret === 'string') return secret
  const known = keyObjects.get(secret)
  if (known !== undefined) return known
  const bytes = ArrayBuffer.isView(secret)
    ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
    : Buffer.from(secret)
  const key = createSecretKey(bytes)
  keyObjects.set(secret, key)
  return key
}
