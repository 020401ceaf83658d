import type { Tags } from './tagging.ts'

/** One object. */
export interface StoredObject {
  body: Buffer
  contentType: string
  /** With its quotes. */
  etag: string
  lastModified: Date
  /** Names without `x-amz-meta-`. */
  metadata: Record<string, string>
  tags: Tags
  /** Other headers that S3 keeps and returns, for example `cache-control`. */
  headers: Record<string, string>
  /** `x-amz-checksum-*`, returned when they are asked for. */
  checksums: Record<string, string>
}

/** Objects of a bucket by key, in the order in which they were put. */
export type Bucket = Map<string, StoredObject>
