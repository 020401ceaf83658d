import { createServer } from 'node:http'
import { letHelperThreadsGiveWay } from '../../../router/src/helper-threads.ts'
import { KEEP_ALIVE_MS, readConfig } from './config.ts'

/** What any Node server costs that reads the same requests and sends the same responses: the floor for the router. */
const body = Buffer.alloc(Number(process.env.BENCH_ANSWER_BYTES), 'abcdefghijklmnopqrstuvwxyz ')
const streaming = process.env.BENCH_STREAMING === '1'

const HEAD = [
  'content-type',
  'text/plain',
  'x-bench-function-us',
  '0',
  'x-lpr-request-id',
  'r-00000000-0000-0000-0000-000000000000',
]
const SIZED_HEAD = [...HEAD, 'content-length', String(body.length)]

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    if (streaming) {
      response.writeHead(200, HEAD)
      response.write(body)
      response.end()
    } else {
      response.writeHead(200, SIZED_HEAD)
      response.end(body)
    }
  })
})
server.keepAliveTimeout = KEEP_ALIVE_MS
server.listen(readConfig().port, '127.0.0.1')
letHelperThreadsGiveWay()
process.on('SIGTERM', () => process.exit(0))
