import { InvokeError } from '../invoker.ts'

interface SdkError {
  name: string
  message: string
  $metadata?: { httpStatusCode?: number }
}

/** Answers of the 4xx range that time alone may mend. */
const TRANSIENT = new Set([
  'ResourceConflictException',
  'SnapStartNotReadyException',
  'SnapStartTimeoutException',
  'EFSMountTimeoutException',
  'EFSMountConnectivityException',
])

/** Names are the SDK's; statuses are for services that name an error differently, and for those yet to come. */
export function asInvokeError(error: unknown): InvokeError {
  if (error instanceof InvokeError) return error
  const { name = 'Error', message = String(error), $metadata } = (error ?? {}) as Partial<SdkError>
  const status = $metadata?.httpStatusCode
  const detail = `${name}: ${message}`
  if (name === 'TooManyRequestsException' || name === 'EC2ThrottledException' || status === 429) {
    return new InvokeError('throttle', detail, error)
  }
  if (status !== undefined && status >= 400 && status < 500 && !TRANSIENT.has(name)) {
    return new InvokeError('rejected', detail, error)
  }
  return new InvokeError('transport', detail, error)
}
