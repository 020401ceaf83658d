import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCase } from '../scripts/case.mjs'
import { appRunner } from './platforms/app-runner.ts'
import { ecsExpress } from './platforms/ecs-express.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8')
const source = read('bootstrap', 'template.yaml')

interface Template {
  Parameters: Record<string, { Default: unknown; AllowedValues?: unknown[] }>
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string }>
  Outputs: Record<string, { Value: unknown; Export?: { Name: string } }>
}
const template = readCase(source).fragment as unknown as Template

test('the default tag is that of the version', () => {
  expect(template.Parameters.DefaultRouterImageTag?.Default).toBe(read('VERSION').trim())
})

test('the default platform can be each platform that the macro knows', () => {
  expect(template.Parameters.DefaultComputePlatform?.AllowedValues).toEqual([appRunner.name, ecsExpress.name])
})

test('exports and macro have the names that expanded templates use', () => {
  expect(template.Outputs.ConfigBucketName?.Export?.Name).toBe('LprConfigBucketName')
  expect(template.Outputs.ConfigPublisherServiceToken?.Export?.Name).toBe('LprConfigPublisherServiceToken')
  expect(template.Resources.RouterMacro?.Properties.Name).toBe('LprRouter')
})

test('one layer serves both architectures, under every name of its output', () => {
  const layers = Object.entries(template.Resources).filter(([, { Type }]) => Type.endsWith('LayerVersion'))
  expect(layers.map(([id]) => id)).toEqual(['LprLayer'])
  expect(template.Resources.LprLayer?.Properties.CompatibleArchitectures).toEqual(['arm64', 'x86_64'])
  const outputs = ['LayerArn', 'LayerArm64Arn', 'LayerAmd64Arn'].map((name) => template.Outputs[name]?.Value)
  expect(outputs).toEqual([{ Ref: 'LprLayer' }, { Ref: 'LprLayer' }, { Ref: 'LprLayer' }])
})

test('superseded manifests expire', () => {
  expect(template.Resources.ConfigBucket?.Properties.LifecycleConfiguration).toMatchObject({
    Rules: [{ Status: 'Enabled', TagFilters: [{ Key: 'lpr-superseded', Value: 'true' }] }],
  })
})

test('the functions may do nothing but write manifests and their own logs', () => {
  const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role')
  const actions = roles.map(({ Properties }) =>
    JSON.stringify(Properties).match(/"(s3|logs|kms|lambda):\w+"/g),
  )
  const logs = ['"logs:CreateLogStream"', '"logs:PutLogEvents"']
  expect(actions).toEqual([['"s3:PutObject"', '"s3:PutObjectTagging"', ...logs], logs])
})

// CloudFormation takes neither, and tools that only re-serialise a template would pass them on.
test('the template does without YAML anchors and merges', () => {
  expect(source).not.toMatch(/: [&*]\w|<<:/)
})
