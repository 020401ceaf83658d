import { join } from 'node:path'
import { type LocalFunction, pythonLauncher, type RuntimeLauncher } from 'lpr-toolkit/local-lambda'
import type { Sources } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { makeFunction, startLambda, stopLambdas } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { batchOf, batchOfIds, buildAll, invoke, item, removeAll, statusesOf, withLayer } from './support.ts'

/** Where `make test-heavy` puts the client of Lambda's own Python runtimes. */
const python = join(process.cwd(), '.build/venv/bin/python')
const RIC = 'import os; from awslambdaric.__main__ import main; main(["", os.environ["_HANDLER"]])'

/** Lambda's own client, started so that it takes the handler's name from the variable, as the managed runtimes do. */
const lambdaRuntime: RuntimeLauncher = {
  runtimes: 'python3.<version>',
  supports: (runtime) => runtime.startsWith('python3.'),
  commandLine: () => ({ command: python, args: ['-B', '-c', RIC] }),
}

beforeAll(buildAll)
afterEach(stopLambdas)
afterAll(removeAll)

describe.each([
  ["Lambda's runtime", lambdaRuntime],
  ["the toolkit's runtime", pythonLauncher()],
])('with %s', (_, launcher) => {
  const start = (functions: LocalFunction[]) => startLambda(functions, { launchers: [launcher] })

  function pythonFunction(source: Sources | string, more: Partial<LocalFunction> = {}): LocalFunction {
    const sources = typeof source === 'string' ? { 'app.py': source } : source
    const environment = { ...withLayer, ...more.environment }
    return makeFunction(sources, { name: 'layered', runtime: 'python3.13', ...more, environment })
  }

  const IDS = Array.from({ length: 16 }, (_item, index) => `item-${index}`)

  test.each([
    [
      'async',
      `
import asyncio
begun, all_begun = [], asyncio.Event()
async def handler(event, context):
    begun.append(context.aws_request_id)
    if len(begun) == event["together"]:
        all_begun.set()
    await all_begun.wait()
    return {"statusCode": 200, "body": context.aws_request_id}`,
    ],
    [
      'plain',
      `
import threading
barrier = threading.Barrier(16)
def handler(event, context):
    barrier.wait()
    return {"statusCode": 200, "body": context.aws_request_id}`,
    ],
  ])('all items of a batch have begun before the first is done, %s', async (_kind, source) => {
    const { client } = await start([pythonFunction(source)])
    const { text } = await invoke(client, 'layered', batchOf(...IDS.map((id) => item(id, { together: 16 }))))
    const { v, responses } = JSON.parse(text)
    expect(v).toBe(1)
    expect(responses.map(({ body }: { body: string }) => body)).toEqual(IDS)
  })

  test('LPR_MAX_CONCURRENCY bounds the items at work', async () => {
    const source = `
import threading
lock, running, peak = threading.Lock(), 0, 0
def handler(event, context):
    global running, peak
    with lock:
        running += 1
        peak = max(peak, running)
    threading.Event().wait(0.005)
    with lock:
        running -= 1
    return peak`
    const { client } = await start([pythonFunction(source, { environment: { LPR_MAX_CONCURRENCY: '3' } })])
    const { text } = await invoke(client, 'layered', batchOfIds(...IDS))
    const peaks = JSON.parse(text).responses.map(({ body }: { body: string }) => Number(body))
    expect(Math.max(...peaks)).toBe(3)
  })

  test('an empty batch, a failing item and a hung one each get their answer', async () => {
    const source = `
import threading
def handler(event, context):
    if context.aws_request_id == "bad":
        raise ValueError("the reason")
    if context.aws_request_id == "hung":
        threading.Event().wait(60)
    return "fine"`
    const { client, logs } = await start([pythonFunction(source, { timeoutMs: 4000 })])
    expect(JSON.parse((await invoke(client, 'layered', batchOf())).text)).toEqual({ v: 1, responses: [] })
    const { text, functionError } = await invoke(client, 'layered', batchOfIds('a', 'bad', 'hung', 'b'))
    expect(functionError).toBeUndefined()
    expect([...statusesOf(text)]).toEqual([
      ['a', 200],
      ['bad', 500],
      ['hung', 504],
      ['b', 200],
    ])
    const log = logs.map(({ text: line }) => line).join('\n')
    expect(log).toContain('item failed: request bad, phase handler')
    expect(log).toContain('ValueError: the reason')
  })

  test('bodies of more than 2 MB come through', async () => {
    const { client } = await start([pythonFunction('def handler(event, context): return "x" * 2_500_000')])
    const { text } = await invoke(client, 'layered', batchOfIds('a', 'b'))
    const lengths = JSON.parse(text).responses.map(({ body }: { body: string }) => body.length)
    expect(lengths).toEqual([2_500_000, 2_500_000])
  })

  const BROKEN: [what: string, sources: Sources, handler?: string][] = [
    ['a module that raises', { 'app.py': 'raise ValueError("not today")' }],
    ['a module that raises an error of its own', { 'app.py': 'class Mine(Exception): pass\nraise Mine()' }],
    ['a syntax error', { 'app.py': 'def handler(:' }],
    ['a package that is not there', { 'app.py': 'import no_such_package' }],
    ['no module of that name', { 'app.py': '' }, 'other.handler'],
    ['no handler of that name', { 'app.py': '' }, 'app.handler'],
    ['a name without a handler', { 'app.py': '' }, 'app'],
    ['a module of the language', { 'app.py': '' }, 'sys.handler'],
  ]

  test.each(BROKEN)(
    '%s is reported as without the layer',
    async (_what, sources, handler = 'app.handler') => {
      const layered = pythonFunction(sources, { handler })
      const plain = { ...layered, name: 'plain', environment: {} }
      const { client } = await start([plain, layered])
      const [expected, got] = await Promise.all(['plain', 'layered'].map((name) => invoke(client, name, {})))
      expect(got?.functionError).toBe('Unhandled')
      expect(reported(got?.text)).toEqual(reported(expected?.text))
    },
  )

  test.each([
    ['a response', 'return {"statusCode": 200, "headers": {"x-a": 7}, "body": event["rawPath"]}'],
    ['text', 'return "grüß \u{1f600}"'],
    ['nothing', 'pass'],
    [
      'what it finds in its context',
      'return [type(context).__name__, context.function_name, context.memory_limit_in_mb]',
    ],
    ['an error', 'raise TypeError("the reason")'],
    ['what JSON refuses', 'return object'],
    ['bytes', 'return b"\\x7b\\x7d"'],
  ])('an event that is no batch gets the same answer as without the layer: %s', async (_what, body) => {
    const layered = pythonFunction(`def handler(event, context):\n    ${body}`)
    const plain = { ...layered, name: 'plain', environment: {} }
    const { client } = await start([plain, layered])
    const event = { rawPath: '/direct', v: 1 }
    const [expected, got] = await Promise.all(['plain', 'layered'].map((name) => invoke(client, name, event)))
    expect(got?.functionError).toBe(expected?.functionError)
    expect(sameNames(got?.text)).toEqual(sameNames(expected?.text))
  })

  test('an async handler answers an event that is no batch', async () => {
    const { client } = await start([pythonFunction('async def handler(event, context):\n    return event')])
    expect((await invoke(client, 'layered', { v: 1 })).text).toMatch(/^\{"v": ?1\}$/)
  })

  test.each([
    ['a sub-folder', { 'src/app.py': 'def handler(event, context): return 1' }, 'src/app.handler'],
    [
      'a package',
      {
        'src/__init__.py': '',
        'src/app.py': 'from . import lib\nhandler = lib.handler',
        'src/lib.py': 'def handler(event, context): return 1',
      },
      'src.app.handler',
    ],
    [
      'an instance with __call__',
      { 'app.py': 'class App:\n    def __call__(self, event, context): return 1\nhandler = App()' },
      'app.handler',
    ],
    [
      'a module with the name of ours',
      {
        'handler.py': 'import settings\nhandler = settings.handler',
        'settings.py': 'def handler(event, context): return 1',
        'lpr_lambda_adapter.py': '',
      },
      'handler.handler',
    ],
  ])('a handler may be in %s', async (_what, sources, handler) => {
    const { client } = await start([pythonFunction(sources as unknown as Sources, { handler })])
    const { text } = await invoke(client, 'layered', batchOfIds('a'))
    expect(JSON.parse(text).responses).toMatchObject([{ id: 'a', statusCode: 200, body: '1' }])
  })

  test('all mistakes in the variables are named at once', async () => {
    const environment = { LPR_MAX_CONCURRENCY: 'many', LPR_INVOKE_MODE: 'response_stream' }
    const { client } = await start([pythonFunction('def handler(event, context): pass', { environment })])
    const { text } = await invoke(client, 'layered', {})
    const { errorMessage } = JSON.parse(text)
    expect(errorMessage).toContain("LPR_MAX_CONCURRENCY: expected a whole number from 1, got 'many'")
    expect(errorMessage).toContain('LPR_INVOKE_MODE: expected buffered, as the Python runtimes do not stream')
  })
})

function reported(text = '{}') {
  const { errorType, errorMessage } = JSON.parse(text)
  return { errorType, errorMessage }
}

/** The two functions differ by their names, each invocation by its id, and traces by the layer's own lines. */
function sameNames(text = ''): string {
  return text
    .replaceAll('layered', 'plain')
    .replace(/"requestId": ?"[^"]*"/, '')
    .replace(/"stackTrace": ?\[[^\]]*\]/, '')
}
