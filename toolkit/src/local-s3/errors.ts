import { escapeXml } from './xml.ts'

/** An error as S3 reports it, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
export class S3Error extends Error {
  /** For example `NoSuchKey`. */
  readonly code: string
  readonly status: number
  /** Further elements of the body, for example `Key`. */
  readonly #details: Record<string, string>

  constructor(code: string, status: number, message: string, details: Record<string, string> = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.#details = details
  }

  toXml(resource: string, requestId: string): string {
    const fields = {
      Code: this.code,
      Message: this.message,
      ...this.#details,
      Resource: resource,
      RequestId: requestId,
      HostId: 'local',
    }
    const elements = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join('')}</Error>`
  }
}

export function noSuchBucket(bucket: string): S3Error {
  return new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', { BucketName: bucket })
}

export function noSuchKey(key: string): S3Error {
  return new S3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key })
}

export function operationNotImplemented(operation: string): S3Error {
  return new S3Error('NotImplemented', 501, `The local S3 does not implement ${operation}.`, {
    Operation: operation,
  })
}

export function headerNotImplemented(header: string): S3Error {
  const message = `A header you provided implies functionality that is not implemented: ${header}`
  return new S3Error('NotImplemented', 501, message, { Header: header })
}

export function preconditionFailed(condition: string): S3Error {
  const message = 'At least one of the pre-conditions you specified did not hold'
  return new S3Error('PreconditionFailed', 412, message, { Condition: condition })
}

export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', 400, message)
}
