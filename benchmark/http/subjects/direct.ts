import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { letHelperThreadsGiveWay } from '../../../router/src/helper-threads.ts'
import { KEEP_ALIVE_MS, readConfig } from './config.ts'

/** What an API costs that invokes its function once for each request, with the SDK as everybody uses it. */
const { port, target } = readConfig()
const client = new LambdaClient({
  maxAttempts: 1,
  requestHandler: { httpAgent: { keepAlive: true, maxSockets: 4096 } },
})

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    if (request.url === '/readyz') response.end('ok')
    else serve(request, response, Buffer.concat(parts).toString()).catch(() => response.writeHead(502).end())
  })
})
server.keepAliveTimeout = KEEP_ALIVE_MS
server.listen(port, '127.0.0.1')
letHelperThreadsGiveWay()
process.on('SIGTERM', () => process.exit(0))

async function serve(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  const { Payload } = await client.send(
    new InvokeCommand({ FunctionName: target, Payload: Buffer.from(JSON.stringify(eventOf(request, body))) }),
  )
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as {
    statusCode: number
    headers: Record<string, string>
    body: string
  }
  response.writeHead(answer.statusCode, answer.headers)
  response.end(answer.body)
}

function eventOf({ method, url = '', headers }: IncomingMessage, body: string): object {
  return {
    version: '2.0',
    rawPath: url,
    headers,
    requestContext: { http: { method, path: url }, requestId: randomUUID(), timeEpoch: Date.now() },
    body: body === '' ? undefined : body,
    isBase64Encoded: false,
  }
}
