/** Limits of the service, from https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. */

/** Largest request and largest buffered response: 6 MiB and what the runtime interface allows on top. */
export const MAX_PAYLOAD_BYTES = 6_291_556

/** Largest request of an asynchronous invocation. */
export const MAX_EVENT_PAYLOAD_BYTES = 1_048_576

/** Largest streamed response. */
export const MAX_STREAM_BYTES = 200 * 1024 * 1024

/** Largest `X-Amz-Client-Context`, in its base64 form. */
export const MAX_CLIENT_CONTEXT_BYTES = 3583

/** How much of an invocation's log the `Tail` log type returns. */
export const LOG_TAIL_BYTES = 4096

/** Longest function name, qualifier and ARN included, that the invoke operations take. */
export const MAX_FUNCTION_NAME_LENGTH = 256

/** Longest timeout of a function. */
export const MAX_TIMEOUT_MS = 900_000

/** Time that Lambda gives to initialisation before it starts to count against the function's timeout. */
export const INIT_TIMEOUT_MS = 10_000
