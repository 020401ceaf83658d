import { batchAdapter } from 'lpr-lambda-adapter'
import { respond } from '../lib/respond.ts'

export const handler = batchAdapter(respond)
