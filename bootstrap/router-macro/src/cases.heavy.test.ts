import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '@jest/globals'
import { isObject } from '@lpr/contract'
import { type LintError, lintTemplates, translateSam, type Unlinted } from '@lpr/test-kit/python'
import { readCase, runCase } from '../scripts/case.mjs'
import { handler, type MacroEvent } from './app.ts'

type Template = Record<string, unknown>
interface Translated {
  name: string
  template: Template
}

const directory = join(dirname(dirname(fileURLToPath(import.meta.url))), 'cases')
const names = readdirSync(directory).flatMap((file) =>
  file.endsWith('.yaml') && !file.startsWith('error_') ? [file.slice(0, -5)] : [],
)
const PLATFORM_TYPES = ['AWS::AppRunner::Service', 'AWS::ECS::ExpressGatewayService']
/** App Runner's endpoints page; cfn-lint's own list has to hold at least these, or a test would prove nothing. */
const APP_RUNNER_REGIONS = [
  ...['us-east-1', 'us-east-2', 'us-west-2', 'ap-northeast-1', 'ap-south-1', 'ap-southeast-1'],
  ...['ap-southeast-2', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
]
const REGION = 'eu-central-1'
const place = { region: REGION, accountId: '123456789012' }

// Forty templates for forty regions keep a processor busy for a quarter of a minute, and it may not be ours alone.
jest.setTimeout(300_000)

let macroFirst: Translated[]
let samFirst: Translated[]

beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  macroFirst = await translated(Object.fromEntries(names.map((name) => [name, golden(name)])), REGION)
  const inputs = Object.fromEntries(names.map((name) => [name, read(name).fragment]))
  samFirst = await Promise.all(
    (await translated(inputs, REGION)).map(async ({ name, template }) => ({
      name,
      template: await expanded(name, template),
    })),
  )
})
afterAll(() => jest.restoreAllMocks())

test('every expansion, behind the real SAM transform, is good in every region that offers its platform', async () => {
  const results = await lint(macroFirst, ({ template }) => ({ template, offering: platformTypes(template) }))
  expect(results.map(({ name, errors }) => [name, errors])).toEqual(names.map((name) => [name, []]))
  for (const { name, regions } of results)
    expect([name, regions]).toEqual([name, expect.arrayContaining(APP_RUNNER_REGIONS)])
})

test('the order of the two transforms makes no difference', () => {
  expect(names.length).toBeGreaterThanOrEqual(20)
  expect(samFirst).toEqual(macroFirst)
})

// cfn-lint knows neither platform in China and GovCloud, so it can say nothing about the services themselves there. What
// it does check is everything around them, with the ARNs that SAM writes for that partition.
test.each([
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('in %s nothing is wrong but that cfn-lint does not know the platforms', async (partition, region) => {
  const templates = await translated(Object.fromEntries(names.map((name) => [name, golden(name)])), region)
  const results = await lint(templates, ({ template }) => ({ template, regions: [region] }))
  expect(JSON.stringify(templates)).toContain(`arn:${partition}:iam::aws:policy/`)
  for (const { name, errors } of results) expect([name, errors.filter(isOther)]).toEqual([name, []])
  expect(results.some(({ errors }) => errors.length > 0)).toBe(true)
})

/** The stand-in functions of the cases name no code. */
async function translated(templates: Record<string, Template>, region: string): Promise<Translated[]> {
  const code = { CodeUri: 's3://packages/function.zip', Handler: 'app.handler', Runtime: 'nodejs24.x' }
  const complete = Object.entries(templates).map(([name, template]) => [
    name,
    {
      template: { Transform: 'AWS::Serverless-2016-10-31', Globals: { Function: code }, ...template },
      parameters: read(name).parameters as Record<string, string>,
    },
  ])
  const results = await translateSam(Object.fromEntries(complete), region)
  return Object.entries(results).map(([name, template]) => ({ name, template }))
}

async function expanded(name: string, fragment: Template): Promise<Template> {
  const input = { ...read(name), fragment }
  const answer = await runCase((event) => handler(event as unknown as MacroEvent) as never, input, place)
  return answer.fragment as Template
}

async function lint(templates: Translated[], request: (one: Translated) => Unlinted) {
  const results = await lintTemplates(Object.fromEntries(templates.map((one) => [one.name, request(one)])))
  return Object.entries(results).map(([name, result]) => ({ name, ...result }))
}

function platformTypes(template: Template): string[] {
  const types = Object.values(template.Resources as Template).map((resource) =>
    isObject(resource) ? String(resource.Type) : '',
  )
  return PLATFORM_TYPES.filter((type) => types.includes(type))
}

function isOther({ rule, message }: LintError): boolean {
  return rule !== 'E3006' || !/AWS::(AppRunner|ECS::ExpressGateway)/.test(message)
}

function read(name: string) {
  return readCase(readFileSync(join(directory, `${name}.yaml`), 'utf8'))
}

function golden(name: string): Template {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')).fragment
}
