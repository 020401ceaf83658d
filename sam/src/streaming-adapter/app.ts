import { batchAdapterStream } from 'lpr-lambda-adapter'
import { respond } from '../lib/respond.ts'

export const handler = batchAdapterStream(respond)
