import type { PutObjectCommandInput, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { errorText } from './log.ts'
import type { Publication } from './publication.ts'

/** Tag of manifests that nothing asks for any more; the bootstrap's lifecycle rule expires objects that have it. */
export const SUPERSEDED = 'lpr-superseded'

/** In ms, over all attempts. */
const PUT_TIMEOUT_MS = 12_000

/** Where manifests are kept. */
export class Store {
  /** The SDK takes longer to load than all the rest, and deletions and mistakes are answered without it. */
  #client: Promise<S3Client> | undefined
  readonly #owner: string | undefined

  /** `owner`: the account that the bucket has to belong to. A bucket name can pass to a stranger, an account not. */
  constructor(owner: string | undefined) {
    this.#owner = owner
  }

  /** Writes a manifest. Writing it again changes nothing but its age, and takes the tag off. */
  async publish(publication: Publication): Promise<void> {
    await this.#put(publication)
  }

  /**
   * Marks a manifest for expiry. It is written anew rather than only tagged, because S3 counts the days of a lifecycle
   * rule from when the object was written: an old one would go at once, while old instances may still start with it.
   */
  async supersede(publication: Publication): Promise<void> {
    await this.#put(publication, `${SUPERSEDED}=true`)
  }

  async close(): Promise<void> {
    const client = await this.#client
    client?.destroy()
  }

  async #put({ bucket, key, body, sha256 }: Publication, tagging?: string): Promise<void> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3')
    this.#client ??= makeClient()
    const input: PutObjectCommandInput = {
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: 'application/json',
      Metadata: { 'lpr-sha256': sha256, 'lpr-name': 'config' },
      ...(this.#owner === undefined ? {} : { ExpectedBucketOwner: this.#owner }),
      ...(tagging === undefined ? {} : { Tagging: tagging }),
    }
    try {
      const client = await this.#client
      await client.send(new PutObjectCommand(input), { abortSignal: AbortSignal.timeout(PUT_TIMEOUT_MS) })
    } catch (error) {
      throw new Error(`cannot write s3://${bucket}/${key}: ${reasonOf(error)}`, { cause: error })
    }
  }
}

async function makeClient(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3')
  // Local S3 servers know no host name a bucket.
  const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL)
  return new S3Client({ forcePathStyle, maxAttempts: 3 })
}

function reasonOf(error: unknown): string {
  const { $metadata } = error as Partial<S3ServiceException>
  const status = $metadata?.httpStatusCode
  return status === undefined ? errorText(error) : `${errorText(error)} (HTTP ${status})`
}
