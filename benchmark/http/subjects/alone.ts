import { createServer, type ServerResponse } from 'node:http'
import { letHelperThreadsGiveWay } from '../../../router/src/helper-threads.ts'
import { FUNCTION_US_HEADER } from '../load/tally.ts'
import { KEEP_ALIVE_MS, readConfig } from './config.ts'

/**
 * A Node server that holds each request for as long as the function takes, and then gives the function's answer itself:
 * what holding so many requests and streams costs where nothing is routed, batched or invoked.
 */
const serviceMs = Number(process.env.BENCH_SERVICE_MS)
const events = Number(process.env.BENCH_EVENTS)
const intervalMs = Number(process.env.BENCH_INTERVAL_MS)
const text = Buffer.alloc(Number(process.env.BENCH_ANSWER_BYTES), 'abcdefghijklmnopqrstuvwxyz ')

const server = createServer((request, response) => {
  const startedAtMs = performance.now()
  request.resume().on('end', () => setTimeout(() => answer(response, startedAtMs), serviceMs))
})
server.keepAliveTimeout = KEEP_ALIVE_MS
server.listen(readConfig().port, '127.0.0.1')
letHelperThreadsGiveWay()
process.on('SIGTERM', () => process.exit(0))

function answer(response: ServerResponse, startedAtMs: number): void {
  const functionUs = String(Math.round((performance.now() - startedAtMs) * 1000))
  // The wait is for the load generator, which takes both off.
  const head = [FUNCTION_US_HEADER, functionUs, 'x-lpr-batch-wait-ms', '0', 'content-type']
  if (events > 0) {
    response.writeHead(200, [...head, 'text/event-stream'])
    stream(response)
  } else {
    response.writeHead(200, [...head, 'text/plain', 'content-length', String(text.length)])
    response.end(text)
  }
}

function stream(response: ServerResponse): void {
  const event = `data: ${text}\n\n`
  let left = events - 1
  response.write(event)
  const timer = setInterval(() => {
    left -= 1
    if (left >= 0) response.write(event)
    else response.end()
  }, intervalMs)
  response.on('close', () => clearInterval(timer))
}
