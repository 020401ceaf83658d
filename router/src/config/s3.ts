import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'

/** Reads a whole object with the SDK's own region, endpoint and credentials chain. */
export async function readS3Object(bucket: string, key: string): Promise<Buffer> {
  const client = new S3Client({})
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (Body === undefined) throw new Error('the object has no body')
    return Buffer.from(await Body.transformToByteArray())
  } finally {
    client.destroy()
  }
}
