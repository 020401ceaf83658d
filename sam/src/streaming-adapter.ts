// As buffering-adapter, but no request of a batch waits for the slowest one.
import { batchAdapterStream, type HttpEvent } from 'lpr-lambda-adapter'
import { greet, json } from './greeting.ts'

export const handler = batchAdapterStream(async (event: HttpEvent) => json(await greet(event)))
