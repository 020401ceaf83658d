/** What to deploy for the vectors: one function for each of the three handlers. */
import { vectorHandlers } from './vector-function.ts'

type Streamify = Parameters<typeof vectorHandlers>[0]

const { awslambda } = globalThis as unknown as { awslambda: { streamifyResponse: Streamify } }

export const { buffered, stream, interleaved } = vectorHandlers(awslambda.streamifyResponse)
