// The toolkit's local Lambda and local S3, with one function and one published manifest.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'

const BUCKET = 'lpr-config'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello'
const HANDLER = `export const handler = async ({ batch }) => ({
  v: 1,
  responses: batch.map(({ requestContext: { requestId: id }, pathParameters: { name } }) => {
    return { id, statusCode: 200, body: 'hello ' + name }
  }),
})`

/** Starts both. `environment` is what a router needs to find them and its manifest. */
export async function startServices(repository, directory) {
  const { LocalLambda, LocalS3 } = await toolkit(repository, directory)
  const code = join(directory, 'function')
  mkdirSync(code, { recursive: true })
  writeFileSync(join(code, 'app.mjs'), HANDLER)
  const hello = { name: 'hello', codeDir: code, handler: 'app.handler', runtime: 'nodejs24.x' }
  const lambda = await LocalLambda.start({
    functions: [{ ...hello, environment: {}, timeoutMs: 10_000, memoryMb: 128 }],
    nodeRuntimePath: join(repository, 'toolkit/dist/node-runtime.mjs'),
  })
  const s3 = await LocalS3.start({ buckets: [BUCKET] })
  const port = await freePort()
  const LPR_CONFIG_URI = await publish(s3.url, manifest(port))
  return {
    port,
    environment: {
      LPR_CONFIG_URI,
      PORT: String(port),
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    async stop() {
      await lambda.stop()
      await s3.stop()
    },
  }
}

/** Accepts connections and answers nothing, as an endpoint behind a broken route does. */
export async function startSilence() {
  const sockets = new Set()
  let connected
  const connection = new Promise((resolve) => {
    connected = resolve
  })
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    connected()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { url: `http://127.0.0.1:${server.address().port}`, connection, stop }
}

function manifest(port) {
  const route = { 'x-target-lambda': FUNCTION, 'x-lpr': { maxWaitMs: 5, maxBatchSize: 4 } }
  return JSON.stringify({
    ListenAddr: `0.0.0.0:${port}`,
    ShutdownDelayMs: 1000,
    IncludeBatchHeaders: true,
    Spec: { paths: { '/hello/{name}': { get: route } } },
  })
}

/** Puts the manifest where the publisher would, under its hash. */
async function publish(url, body) {
  const key = `image/config/${createHash('sha256').update(body).digest('hex')}.json`
  const { ok, status } = await fetch(`${url}/${BUCKET}/${key}`, { method: 'PUT', body })
  if (!ok) throw new Error(`PUT ${key}: expected 200, got ${status}`)
  return `s3://${BUCKET}/${key}`
}

/** The toolkit is TypeScript, and Node 20 runs none. */
async function toolkit(repository, directory) {
  const outfile = join(directory, 'toolkit.mjs')
  await esbuild.build({
    stdin: {
      contents: "export * from 'lpr-toolkit/local-lambda'; export * from 'lpr-toolkit/local-s3'",
      resolveDir: repository,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['lpr-source'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  return import(pathToFileURL(outfile).href)
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
