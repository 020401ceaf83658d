import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { type LocalFunction, pythonLauncher, type RuntimeLauncher } from '../src/local-lambda/index.ts'
import {
  makeFunction,
  removeTemporaryFiles,
  type Sources,
  startLambda,
  stopLambdas,
} from '../src/local-lambda/test-functions.ts'

/** Where `make test-heavy` puts the client of Lambda's own Python runtimes. */
const python = join(process.cwd(), '.build/venv/bin/python')
const RIC = 'import os; from awslambdaric.__main__ import main; main(["", os.environ["_HANDLER"]])'

const lambdaRuntime: RuntimeLauncher = {
  runtimes: 'python3.<version>',
  supports: () => true,
  commandLine: () => ({ command: python, args: ['-B', '-c', RIC] }),
}
/** Ours, by the same Python: messages of the language differ from version to version. */
const ours: RuntimeLauncher = {
  ...pythonLauncher(),
  commandLine: (definition) => ({ ...pythonLauncher().commandLine(definition), command: python }),
}

afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

function pythonFunction(source: Sources | string, more: Partial<LocalFunction> = {}): LocalFunction {
  const sources = typeof source === 'string' ? { 'app.py': source } : source
  return makeFunction(sources, { name: 'fn', runtime: 'python3.13', ...more })
}

interface Call {
  event?: unknown
  clientContext?: object
}

/** What a caller gets and what is logged, without what differs from one invocation to the next. */
async function observe(
  definition: LocalFunction,
  launcher: RuntimeLauncher,
  { event = {}, clientContext }: Call,
) {
  const { client, logs, stop } = await startLambda([definition], { launchers: [launcher] })
  const command = new InvokeCommand({
    FunctionName: definition.name,
    Payload: JSON.stringify(event),
    ...(clientContext && { ClientContext: Buffer.from(JSON.stringify(clientContext)).toString('base64') }),
  })
  const { Payload, FunctionError } = await client.send(command)
  await stop()
  const text = Payload?.transformToString() ?? ''
  return { text: anonymous(text), FunctionError, logs: anonymous(logs.map((line) => line.text).join('\n')) }
}

function anonymous(text: string): string {
  return (
    text
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
      .replace(/<time>|LAMBDA_WARNING[^\n]*\n?|\[WARNING\]\t\t\t/g, '')
      // Lambda's client marks lines that belong together by their ends and their indentation.
      .replaceAll('\r', '\n')
      .replaceAll('\u00a0', ' ')
      .trim()
  )
}

async function expectSame(definition: LocalFunction, call: Call = {}) {
  const expected = await observe(definition, lambdaRuntime, call)
  expect(await observe(definition, ours, call)).toEqual(expected)
  return expected
}

test.each([
  ['JSON of every kind', 'return {"a": [1, 1.5, 1e100, True, None], "b": "grüß 😀", "c": {}}'],
  ['decimals', 'from decimal import Decimal; return [Decimal("1"), Decimal("1.25"), Decimal("NaN")]'],
  ['numbers that are none', 'return [float("nan"), float("inf")]'],
  ['bytes', 'return b"\\x7b\\x7d"'],
  ['nothing', 'pass'],
  ['what JSON does not know', 'return {1, 2}'],
  ['the event', 'return event'],
  ['an error', 'raise TypeError("the reason")'],
  ['an error from deeper down', 'import json; json.loads("{")'],
  ['an error without a message', 'raise KeyError'],
  ['an error of its own class', 'raise type("Own.Error", (Exception,), {})("grüß")'],
])('the answer is that of Lambda: %s', async (_what, body) => {
  await expectSame(pythonFunction(`def handler(event, context):\n    ${body}`), { event: { a: ['grüß'] } })
})

test.each([
  ['before Python 3.12 text is escaped', 'python3.11', '"gr\\u00fc\\u00df"'],
  ['from Python 3.12 on it is not', 'python3.12', '"grüß"'],
])('%s', async (_what, runtime, expected) => {
  const { text } = await expectSame(pythonFunction('def handler(event, context): return "grüß"', { runtime }))
  expect(text).toBe(expected)
})

test('the context has what that of Lambda has', async () => {
  const source = `
import os
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    client = context.client_context
    return {
        "values": [context.function_name, context.function_version, context.memory_limit_in_mb,
                   context.invoked_function_arn, context.log_group_name, context.tenant_id, context.aws_request_id],
        "left": 0 < left <= 20_000 and isinstance(left, int),
        "client": [client.custom, client.env, client.client.app_title, client.client.installation_id],
        "identity": [context.identity.cognito_identity_id, context.identity.cognito_identity_pool_id],
        "env": [os.environ["_HANDLER"], os.environ["LAMBDA_TASK_ROOT"] == os.getcwd()],
    }`
  const clientContext = { custom: { a: 1 }, env: { b: '2' }, client: { app_title: 'app' } }
  const { text } = await expectSame(pythonFunction(source), { clientContext })
  expect(JSON.parse(text)).toMatchObject({ left: true, client: [{ a: 1 }, { b: '2' }, 'app', null] })
})

const LOGGING = `
import logging
logging.getLogger().warning("while loading")
def handler(event, context):
    print("printed")
    print("in", "two", sep="\\n")
    logging.info("not told")
    logging.getLogger("mine").error("told %s", "so", extra={"orderId": 7})
    context.log("as it is\\n")
    try:
        raise ValueError("caught")
    except ValueError:
        logging.exception("with a trace")`

test.each([
  ['text', {}],
  ['text from a level', { AWS_LAMBDA_LOG_LEVEL: 'INFO' }],
  ['JSON', { AWS_LAMBDA_LOG_FORMAT: 'JSON' }],
])('the log is that of Lambda: %s', async (_what, environment: Record<string, string>) => {
  const { logs } = await expectSame(pythonFunction(LOGGING, { environment }))
  expect(logs).toContain('told so')
})

test.each<[what: string, sources: Sources, handler?: string]>([
  ['a module that raises', { 'app.py': 'def fail(): raise ValueError("not today")\nfail()' }],
  ['a syntax error', { 'app.py': 'x = 1\ndef handler(:' }],
  ['a package that is not there', { 'app.py': 'import no_such_package' }],
  ['no module of that name', { 'app.py': '' }, 'other.handler'],
  ['no handler of that name', { 'app.py': '' }],
  ['a name without a handler', { 'app.py': '' }, 'app'],
  ['a module of the language', { 'app.py': '' }, 'sys.handler'],
])('a failing start is reported as Lambda does: %s', async (_what, sources, handler = 'app.handler') => {
  const definition = pythonFunction(sources, { handler })
  const [expected, got] = [await observe(definition, lambdaRuntime, {}), await observe(definition, ours, {})]
  expect(got.FunctionError).toBe('Unhandled')
  const [wanted, report] = [JSON.parse(expected.text), JSON.parse(got.text)]
  expect({ ...report, stackTrace: userLines(report) }).toEqual({ ...wanted, stackTrace: userLines(wanted) })
})

test('the end of the process is an error of the invocation, and the next one has a new process', async () => {
  const source =
    'import sys\ndef handler(event, context):\n    sys.exit(event["status"]) if "status" in event else None'
  await expectSame(pythonFunction(source), { event: { status: 3 } })
})

test('modules are looked for in the code first, then in the layers; our own are not in the way', async () => {
  const layer = makeFunction({
    'python/both.py': 'where = "layer"',
    'python/only.py': 'where = "layer"',
  })
  const sources = {
    'app.py': `import sys, both, only, main, logs
def handler(event, context):
    return [both.where, only.where, main.where, logs.where, any("python-runtime" in path for path in sys.path)]`,
    'both.py': 'where = "code"',
    'main.py': 'where = "code"',
    'logs.py': 'where = "code"',
  }
  const { text } = await observe(pythonFunction(sources, { optDir: layer.codeDir }), ours, {})
  expect(JSON.parse(text)).toEqual(['code', 'layer', 'code', 'code', false])
})

test('a process ends when the service that started it is gone, whatever its handler is busy with', async () => {
  const definition = pythonFunction(`import threading
def handler(event, context):
    print("hanging")
    threading.Event().wait()`)
  const server = createServer((_request, response) => {
    const headers = { 'Lambda-Runtime-Aws-Request-Id': 'r', 'Lambda-Runtime-Deadline-Ms': '0' }
    response.writeHead(200, headers).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const { command, args } = ours.commandLine(definition)
  const env = {
    AWS_LAMBDA_RUNTIME_API: address,
    _HANDLER: 'app.handler',
    LAMBDA_TASK_ROOT: definition.codeDir,
  }
  const child = spawn(command, args, { env })
  const exited = once(child, 'exit')
  expect(String((await once(child.stdout, 'data'))[0])).toBe('hanging\n')
  server.close()
  server.closeAllConnections()
  expect(await exited).toEqual([1, null])
})

/** The lines of the user's own code: those of the runtimes differ. */
function userLines({ stackTrace }: { stackTrace: string[] }): string[] {
  return stackTrace.filter((line) => line.includes('app.py'))
}
