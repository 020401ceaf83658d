import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const directory = mkdtempSync(join(tmpdir(), 'lpr-early-signal-'))
const program = join(directory, 'router.mjs')

beforeAll(() =>
  esbuild.build({
    entryPoints: [fileURLToPath(new URL('../src/main.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['lpr-source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  }),
)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

// By a listener of its own and not by the signal's default, which process 1 of a container does not have.
test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a router that still waits for its config',
  async (signal) => {
    const silence = createServer()
    silence.listen(0, '127.0.0.1')
    await once(silence, 'listening')
    const { port } = silence.address() as AddressInfo
    const connected = once(silence, 'connection') as Promise<[Socket]>
    const router = spawn(process.execPath, ['--no-warnings', program, '--config', 's3://bucket/key'], {
      env: {
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'id',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const exited = once(router, 'exit')
    const [socket] = await connected
    socket.on('error', () => {})
    router.kill(signal)
    expect(await exited).toEqual([128 + constants.signals[signal], null])
    socket.destroy()
    silence.close()
  },
)
