/** What to deploy for the vectors: one function for each of the three handlers. */
import { vectorHandlers } from './vector-function.ts'

type Streamify = Parameters<typeof vectorHandlers>[0]

const { awslambda } = globalThis as unknown as { awslambda: { streamifyResponse: Streamify } }

// Node.js ends when nothing is left that could happen, and the adapter's timers do not count. A handler that waits for
// nothing else is kept alive by this, as it would be by the open connection of a client.
setInterval(() => {}, 2 ** 30)

export const { buffered, stream, interleaved } = vectorHandlers(awslambda.streamifyResponse)
