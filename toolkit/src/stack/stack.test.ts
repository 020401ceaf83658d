import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findingsOf, formatFinding, UsageError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { functionUrlResources } from './function-url-resources.ts'
import { expandTemplate } from './macro.ts'
import { parseOverrides } from './parameters.ts'
import { containerEnvironment, findRouter, knownOutputs } from './router-resources.ts'
import { readStack, resolveFunctions, type Stack } from './stack.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-stack-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function template(
  more: { platform?: string; settings?: string; rest?: string; transform?: string } = {},
): string {
  return `Transform: ${more.transform ?? '[LprRouter, AWS::Serverless-2016-10-31]'}
Parameters:
  Stage: { Type: String, Default: test, AllowedValues: [test, prod] }
  Secret: { Type: String }
  Zones: { Type: CommaDelimitedList, Default: 'a, b' }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: { Handler: app.handler, Runtime: nodejs24.x, AutoPublishAlias: live, FunctionUrlConfig: { AuthType: NONE } }
  OwnUrl:
    Type: AWS::Lambda::Url
    Properties: { AuthType: NONE, InvokeMode: RESPONSE_STREAM, TargetFunctionArn: !GetAtt Hello.Arn }
  Router:
    Type: Lpr::Router::Service
    Properties:
      ComputePlatform: ${more.platform ?? 'APP_RUNNER'}
      Environment: { STAGE: !Ref Stage, FUNCTION: !Ref Hello.Alias }
      EnvironmentSecrets:
        TOKEN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token'
        PROD_TOKEN: !If [IsProd, !GetAtt Elsewhere.Arn, !Ref AWS::NoValue]
      RouterConfig: { DefaultTimeoutMs: 2000 }
      Spec:
        paths:
          /hello:
            get:
              x-target-lambda: !GetAtt Hello.Arn
              x-lpr: { ${more.settings ?? 'maxWaitMs: 25, maxBatchSize: 4'} }
${more.rest ?? ''}`
}

function read(text: string, overrides: string[] = []): Stack {
  const templateFile = join(dir, 'template.yaml')
  writeFileSync(templateFile, text)
  const options = {
    templateFile,
    stackName: 'demo',
    region: 'eu-west-1',
    overrides: parseOverrides(overrides),
  }
  return readStack(options)
}

async function findings(run: () => unknown): Promise<string[]> {
  try {
    await run()
  } catch (error) {
    return findingsOf(error).map((finding) => formatFinding(finding).replaceAll(dir, '<dir>'))
  }
  return []
}

const expanded = (stack: Stack): Promise<JsonObject> => expandTemplate(stack, () => {})

test('the router of an expanded template is found with its properties resolved', async () => {
  const stack = read(template())
  const router = findRouter(stack, await expanded(stack), undefined)
  expect(router).toMatchObject({ routerId: 'Router', publisherId: 'RouterLprConfigPublisher' })
  expect(router.publisherProperties).toMatchObject({
    ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:lpr-config-publisher',
    Prefix: 'lpr/demo/Router/',
    Spec: {
      paths: {
        '/hello': { get: { 'x-target-lambda': 'arn:aws:lambda:eu-west-1:123456789012:function:demo-Hello' } },
      },
    },
  })
})

test.each(['APP_RUNNER', 'ECS_EXPRESS'])(
  'the environment of the container is read on %s',
  async (platform) => {
    const stack = read(template({ platform }))
    const router = findRouter(stack, await expanded(stack), undefined)
    stack.scope.addAttribute('RouterLprConfigPublisher', 'ConfigS3Uri', 's3://bucket/key')
    expect(containerEnvironment(stack, router)).toMatchObject({
      variables: {
        STAGE: 'test',
        FUNCTION: 'arn:aws:lambda:eu-west-1:123456789012:function:demo-Hello',
        LPR_CONFIG_URI: 's3://bucket/key',
        AWS_REGION: 'eu-west-1',
      },
      secrets: ['TOKEN'],
    })
  },
)

test('the Transform of the output names the transforms that are still to come', async () => {
  expect((await expanded(read(template()))).Transform).toBe('AWS::Serverless-2016-10-31')
  expect(await expanded(read(template({ transform: 'LprRouter' })))).not.toHaveProperty('Transform')
})

test('every mistake that the macro names comes with place and remedy', async () => {
  const stack = read(template({ settings: 'maxWaitMs: 25, maxBatchSiz: 4' }))
  expect(await findings(() => expanded(stack))).toEqual([
    '<dir>/template.yaml:29:15: Router.Properties.Spec.paths./hello.get.x-lpr.maxBatchSize: is required but missing\n    remedy: add maxBatchSize',
    '<dir>/template.yaml:29:39: Router.Properties.Spec.paths./hello.get.x-lpr.maxBatchSiz: unknown key, did you mean maxBatchSize?\n    remedy: write maxBatchSize',
  ])
})

test('a router in a template that does not name the macro is reported', async () => {
  const stack = read(template({ transform: 'AWS::Serverless-2016-10-31' }))
  expect(await findings(() => expanded(stack))).toEqual([
    expect.stringMatching(
      /template.yaml:16:5: Router is of type Lpr::Router::Service, but Transform does not name LprRouter/,
    ),
  ])
})

test('a router that is missing or not the wanted one is reported', async () => {
  const stack = read(template())
  const body = await expanded(stack)
  expect(await findings(() => findRouter(stack, body, 'Other'))).toEqual([
    'the template has no router Other\n    remedy: it has Router',
  ])
  expect(await findings(() => findRouter(stack, { Resources: {} }, undefined))).toEqual([
    expect.stringMatching(/^the template has no router\n +remedy: add a resource/),
  ])
})

test('outputs that cannot be known locally are left out, the others are resolved', async () => {
  const rest = `Outputs:
  Good: { Value: !Sub '\${AWS::StackName}/\${Hello}' }
  Unknown: { Value: !GetAtt Table.Arn }
  Unneeded: { Value: !Ref Secret }`
  const stack = read(template({ rest }))
  expect(knownOutputs(stack, await expanded(stack))).toEqual({ Good: 'demo/demo-Hello' })
})

test('function URLs are found in the configuration of functions and as resources', () => {
  expect(functionUrlResources(read(template()))).toEqual([
    { urlId: 'HelloUrl', functionId: 'Hello', streaming: false },
    { urlId: 'OwnUrl', functionId: 'Hello', streaming: true },
  ])
})

test('parameters have their defaults, lists are split, and overrides win', () => {
  expect(read(template()).parameters).toEqual({ Stage: 'test', Zones: ['a', 'b'] })
  expect(read(template(), ['Stage=prod', 'Secret=a=b']).parameters).toMatchObject({
    Stage: 'prod',
    Secret: 'a=b',
  })
})

test('an unknown parameter and a value that is not allowed are reported together', async () => {
  expect(await findings(() => read(template(), ['Stge=x', 'Stage=dev']))).toEqual([
    '--parameter Stge: the template has no such parameter\n    remedy: did you mean Stage?',
    expect.stringMatching(/template.yaml:3:\d+: parameter Stage: expected one of test, prod, got "dev"/),
  ])
})

test('an override without a value is a mistake of usage', () => {
  expect(() => parseOverrides(['Stage'])).toThrow(UsageError)
})

test('a parameter without a value is an error only where it is used', () => {
  const stack = read(
    template({ rest: '' }).replace(
      'AutoPublishAlias: live',
      'Environment: { Variables: { A: !Ref Secret } }',
    ),
  )
  const found: Parameters<typeof resolveFunctions>[1] = []
  resolveFunctions(stack, found)
  expect(found.map(({ message }) => message)).toEqual(['parameter Secret has no value'])
})
