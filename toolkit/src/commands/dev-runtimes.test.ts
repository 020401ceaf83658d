import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The command as users run it: the built program, its own process, real sockets. */
const LPR = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'lpr.mjs')

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-runtimes-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), content)
  chmodSync(join(dir, path), mode)
}

/** A template with these functions, each behind a route of its own in lower case. */
function writeTemplate(functions: Record<string, string>, resources = ''): void {
  const route = (id: string) => `          /${id.toLowerCase()}:
            get: { x-target-lambda: !GetAtt ${id}.Arn, x-lpr: { maxWaitMs: 25, maxBatchSize: 4 } }`
  const definition = ([id, properties]: [string, string]) => `  ${id}:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ${id.toLowerCase()}, ${properties} }`
  write(
    'template.yaml',
    `Transform: [LprRouter, AWS::Serverless-2016-10-31]
Resources:
${Object.entries(functions).map(definition).join('\n')}
${resources}
  Router:
    Type: Lpr::Router::Service
    Properties:
      RouterConfig: { DefaultTimeoutMs: 8000 }
      Spec:
        paths:
${Object.keys(functions).map(route).join('\n')}
`,
  )
}

/** Runs `lpr dev --once` with nothing on the PATH but what the test put into `bin`. */
async function once() {
  mkdirSync(join(dir, 'bin'), { recursive: true })
  const args = [LPR, 'dev', '-t', join(dir, 'template.yaml'), '--once', '-o', 'json', '--port', '0']
  const child = spawn(process.execPath, [...args, '--admin-port', '0'], { env: { PATH: join(dir, 'bin') } })
  const exited = new Promise((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await exited, stdout, stderr, report: stdout === '' ? {} : JSON.parse(stdout) }
}

const ANSWERING = `exports.handler = async ({ batch }) => ({
  v: 1, responses: batch.map((item) => ({ id: item.requestContext.requestId, statusCode: 200, body: process.env.SAYS })) })`

test('what cannot be run here is skipped with its reason, and the rest of the stack works', async () => {
  writeTemplate({
    Node: 'Handler: app.handler, Runtime: nodejs24.x',
    Snake: 'Handler: app.handler, Runtime: python3.13',
    Own: 'Handler: bootstrap, Runtime: provided.al2023',
    Beans: 'Handler: app.Handler, Runtime: java25',
    Gems: 'Handler: app.handler, Runtime: ruby3.4',
  })
  write('node/app.js', ANSWERING)
  for (const path of ['snake/app.py', 'own/main.go', 'beans/App.java', 'gems/app.rb']) write(path, '')
  const { status, report } = await once()
  expect(report.ok).toBe(true)
  expect(status).toBe(0)
  const [node, ...others] = report.routes
  expect(node).toMatchObject({ path: '/node', statuses: { 200: expect.any(Number) }, problems: [] })
  expect(node.skipped).toBeUndefined()
  expect(others).toMatchObject([
    { path: '/snake', requests: 0, skipped: 'no python3 on the PATH: install Python 3.10 or later' },
    {
      path: '/own',
      requests: 0,
      skipped: expect.stringMatching(/own\/bootstrap: expected an executable file/),
    },
    {
      path: '/beans',
      requests: 0,
      skipped: expect.stringMatching(/: install Java 25 or later$|^no runtime client in .*beans\/lib: have/),
    },
    {
      path: '/gems',
      requests: 0,
      skipped: expect.stringMatching(/^functions of the runtime ruby3.4 are not run/),
    },
  ])
})

test('a function gets the layers of the template, and their wrapper', async () => {
  const layered = 'Handler: app.handler, Runtime: nodejs24.x, Layers: [!Ref Wrapping]'
  const variables = 'Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/wrapper } }'
  const layer = '  Wrapping: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer } }'
  writeTemplate({ Node: `${layered}, ${variables}` }, layer)
  write('layer/wrapper', '#!/bin/sh\nexport SAYS=wrapped\nexec "$@"\n', 0o755)
  write('node/app.js', `if (process.env.SAYS !== 'wrapped') throw new Error('no wrapper')\n${ANSWERING}`)
  const { status, report } = await once()
  expect(report.routes).toMatchObject([{ path: '/node', problems: [], statuses: { 200: 8 } }])
  expect(status).toBe(0)
})

test('a change in a layer reloads the stack; layers that are elsewhere are named', async () => {
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:layer:Elsewhere:3'
  const layered = `Handler: app.handler, Runtime: nodejs24.x, Layers: ['${arn}', !Ref Data]`
  const layer = '  Data: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer } }'
  writeTemplate({ Node: layered }, layer)
  write('layer/says', 'first')
  write(
    'node/app.js',
    `process.env.SAYS = require('fs').readFileSync(process.env.LPR_OPT_DIR + '/says', 'utf8')\n${ANSWERING}`,
  )
  const args = [
    LPR,
    'dev',
    '-t',
    join(dir, 'template.yaml'),
    '-o',
    'json',
    '--port',
    '0',
    '--admin-port',
    '0',
  ]
  const child = spawn(process.execPath, args)
  try {
    const announcements = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const announced = async () => JSON.parse((await announcements.next()).value)
    const { baseUrl, notes } = await announced()
    expect(notes).toEqual([`Node runs without ${arn}: only layers of the template are local`])
    expect(await (await fetch(`${baseUrl}/node`)).text()).toBe('first')
    write('layer/says', 'second')
    await announced()
    expect(await (await fetch(`${baseUrl}/node`)).text()).toBe('second')
  } finally {
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await closed
  }
})
