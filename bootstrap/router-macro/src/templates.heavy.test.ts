import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '@jest/globals'
import { packageCode } from '@lpr/test-kit/cloudformation'
import { lintTemplates, translateSam, type Unlinted } from '@lpr/test-kit/python'
import { readCase, runCase } from '../scripts/case.mjs'
import { handler, type MacroEvent } from './app.ts'

type Template = Record<string, unknown>

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const REGION = 'eu-central-1'
const PLATFORMS = { APP_RUNNER: 'AWS::AppRunner::Service', ECS_EXPRESS: 'AWS::ECS::ExpressGatewayService' }

/** What the bootstrap stack tells the macro. */
const { environment } = readCase('Resources: {}')

beforeAll(() => void jest.spyOn(console, 'log').mockImplementation(() => undefined))
afterAll(() => jest.restoreAllMocks())

test('the bootstrap template, behind the real SAM transform, is good in every region', async () => {
  const { template } = await translateSam({ template: { template: read('bootstrap/template.yaml') } }, REGION)
  // In every region for which cfn-lint knows the macro and the functions: that needs no platform.
  const lint: Unlinted = { template, offering: ['AWS::CloudFormation::Macro', 'AWS::Lambda::Function'] }
  const { bootstrap } = await lintTemplates({ bootstrap: lint })
  expect(bootstrap.errors).toEqual([])
  expect(bootstrap.regions).toEqual(
    expect.arrayContaining([REGION, 'us-east-1', 'cn-north-1', 'us-gov-west-1']),
  )
})

test('the demo, expanded before and behind SAM, is the same and good in every region of its platform', async () => {
  const demo = read('sam/template.yaml')
  const platforms = Object.keys(PLATFORMS) as (keyof typeof PLATFORMS)[]
  const macroFirst = await sam(platforms.map((name) => [name, expand(demo, name)]))
  const translated = await sam(platforms.map((name) => [name, Promise.resolve(demo)]))
  for (const name of platforms) expect(await expand(translated[name] ?? {}, name)).toEqual(macroFirst[name])
  const entries = platforms.map((name) => [
    name,
    { template: withoutIgnores(macroFirst[name] ?? {}), offering: [PLATFORMS[name], 'AWS::Lambda::Url'] },
  ])
  const results = await lintTemplates(Object.fromEntries(entries) as Record<string, Unlinted>)
  for (const name of platforms)
    expect(results[name]).toEqual({ errors: [], regions: expect.arrayContaining([REGION, 'us-east-1']) })
})

test('the dashboard and the alarms are good in every region', async () => {
  const lint: Unlinted = {
    template: read('sam/observability.yaml'),
    offering: ['AWS::CloudWatch::Dashboard'],
  }
  const { observability } = await lintTemplates({ observability: lint })
  expect(observability).toEqual({ errors: [], regions: expect.arrayContaining([REGION, 'cn-north-1']) })
})

function read(path: string): Template {
  return packageCode(readCase(readFileSync(join(root, path), 'utf8')).fragment)
}

/** CloudFormation hands a macro the whole template without its `Transform`. */
async function expand(template: Template, ComputePlatform: string): Promise<Template> {
  const { Transform: _, ...fragment } = template
  const input = { fragment, parameters: { ComputePlatform }, environment }
  const call = (event: unknown) => handler(event as MacroEvent) as never
  const answer = await runCase(call, input, { region: REGION, accountId: '123456789012' })
  expect(answer).toMatchObject({ status: 'success' })
  return answer.fragment as Template
}

async function sam(templates: [string, Promise<Template>][]): Promise<Record<string, Template>> {
  const entries = templates.map(async ([name, template]) => {
    const { Transform: _, ...rest } = await template
    const whole = { Transform: 'AWS::Serverless-2016-10-31', ...rest }
    return [name, { template: whole, parameters: { ComputePlatform: name } }]
  })
  return translateSam(Object.fromEntries(await Promise.all(entries)), REGION)
}

/** The router's `Metadata` silences cfn-lint about the macro's type, and would about the platform's as well. */
function withoutIgnores(template: Template): Template {
  const resources = structuredClone(template.Resources) as Record<string, { Metadata?: unknown }>
  for (const resource of Object.values(resources)) delete resource.Metadata
  return { ...template, Resources: resources }
}
