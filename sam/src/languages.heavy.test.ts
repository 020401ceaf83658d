import { fileURLToPath } from 'node:url'
import { runMake } from '../../toolkit/src/bundle/makefile.ts'
import { invokeFunction } from '../../toolkit/src/dev/invoke.ts'
import {
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../../toolkit/src/local-lambda/test-functions.ts'
import { greet } from './greeting.ts'
import { onceOfLanguages, ROUTES } from './languages-testing.ts'
import { batchOf, httpEvent, loadedDice } from './testing.ts'

afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

// They compile three functions; most of what these need is compiled already for other tests.
const TIMEOUT_MS = 300_000

test(
  'with their toolchains every function in Go, Rust and Java is built, run and answers',
  async () => {
    const { status, report } = await onceOfLanguages(process.env)
    expect(report.routes).toMatchObject(ROUTES.map((path) => ({ path, problems: [], statuses: { 200: 8 } })))
    for (const route of report.routes) expect(route.skipped).toBeUndefined()
    expect(status).toBe(0)
  },
  TIMEOUT_MS,
)

const FUNCTIONS = [
  ['BufferingGoFunction', 'go', { runtime: 'provided.al2023', handler: 'buffering' }],
  ['BufferingRustFunction', 'rust', { runtime: 'provided.al2023', handler: 'buffering' }],
  ['BufferingJavaFunction', 'java', { runtime: 'java21', handler: 'demo.Greet' }],
] as const

const EVENTS = [
  httpEvent('r-1'),
  httpEvent('r-2', { queryStringParameters: { 'max-delay': 'none', a: 'grüß' } }),
  httpEvent('r-3', { queryStringParameters: { 'max-delay': '-5' } }),
]

test.each(FUNCTIONS)(
  '%s greets as the functions in TypeScript do',
  async (logicalId, folder, more) => {
    const definition = makeFunction({}, { name: logicalId, memoryMb: 512, ...more })
    const codeDir = fileURLToPath(new URL(`../languages/${folder}`, import.meta.url))
    const place = { file: 'template.yaml', line: 1, column: 1 }
    expect(await runMake({ logicalId, codeDir, place }, definition.codeDir)).toEqual({ findings: [] })
    const { lambda } = await startLambda([definition])
    const { payload } = await invokeFunction(lambda.url, logicalId, batchOf(...EVENTS))
    const { responses } = payload as {
      responses: { id: string; statusCode: number; headers: object; body: string }[]
    }
    for (const [index, event] of EVENTS.entries()) {
      const greeting = JSON.parse(JSON.stringify(await greet(event, loadedDice(0))))
      const { body, ...head } = responses[index] ?? { body: '{}' }
      expect(head).toMatchObject({
        id: greeting.id,
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
      })
      expect(JSON.parse(body)).toEqual(greeting)
    }
  },
  TIMEOUT_MS,
)
