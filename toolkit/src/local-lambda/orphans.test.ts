import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as esbuild from 'esbuild'
import { buildNodeRuntime, makeFunction, nodeRuntimePath, removeTemporaryFiles } from './test-functions.ts'

beforeAll(buildNodeRuntime)
afterAll(removeTemporaryFiles)

test('no function outlives a parent that was killed', async () => {
  const holding = makeFunction('export const handler = async (url) => { await fetch(url) }')
  const parent = join(holding.codeDir, 'parent.mjs')
  await esbuild.build({
    stdin: {
      contents: `
        import { LocalLambda } from './index.ts'
        const [definition, nodeRuntimePath, url] = JSON.parse(process.argv[2])
        const lambda = await LocalLambda.start({ functions: [definition], nodeRuntimePath })
        const path = '/2015-03-31/functions/' + definition.name + '/invocations'
        await fetch(lambda.url + path, { method: 'POST', body: JSON.stringify(url) })`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: parent,
    // What the AWS packages require is bundled as CommonJS, which calls require().
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const child = spawn(process.execPath, [parent, JSON.stringify([holding, nodeRuntimePath, url])], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [held] = (await once(server, 'request')) as [IncomingMessage]
  const functionGone = once(held.socket, 'close')
  child.kill('SIGKILL')
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  // The function's process held this connection and was given no reason to close it but its own end.
  await functionGone
  server.close()
})
