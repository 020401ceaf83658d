import { batchAdapterStream } from 'lpr-lambda-adapter'
import { tokens } from '../lib/tokens.ts'

export const handler = batchAdapterStream(tokens, { interleaved: true })
