import { type Finding, formatFinding } from '../errors.ts'
import { type FunctionSettings, findFunctions, functionName, functionSettings } from './functions.ts'
import type { Scope } from './intrinsics.ts'
import { parseSource } from './read.ts'

function read(text: string): { functions: FunctionSettings[]; findings: string[] } {
  const document = parseSource(text, '/project/template.yaml')
  const scope: Scope = {
    body: document.body,
    ref: (name) => (name === 'Stage' ? 'prod' : undefined),
    attribute: () => undefined,
    importValue: () => undefined,
    place: (path) => document.places.locate(path),
  }
  const findings: Finding[] = []
  const functions = findFunctions(document, scope, findings).map((resource) =>
    functionSettings(resource, functionName(resource, 'stack', scope), document, scope, findings),
  )
  return { functions, findings: findings.map(formatFinding) }
}

const GLOBALS = 'Globals: { Function: { Handler: app.handler, Runtime: nodejs24.x, Timeout: 10 } }\n'

test('a function is read with globals, name, paths and units as the local Lambda wants them', () => {
  const { functions } = read(`${GLOBALS}Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild }
    Properties:
      FunctionName: !Sub '\${Stage}-hello'
      CodeUri: src/hello
      MemorySize: 256
      ReservedConcurrentExecutions: 0
      Environment: { Variables: { A: !Ref Stage, B: 1, C: true } }
      FunctionUrlConfig: { AuthType: NONE }
`)
  expect(functions).toEqual([
    {
      logicalId: 'Hello',
      name: 'prod-hello',
      codeDir: '/project/src/hello',
      handler: 'app.handler',
      layers: [],
      runtime: 'nodejs24.x',
      environment: { A: 'prod', B: '1', C: 'true' },
      timeoutMs: 10_000,
      memoryMb: 256,
      reservedConcurrency: 0,
      url: { AuthType: 'NONE' },
      metadata: { BuildMethod: 'esbuild' },
      place: { file: '/project/template.yaml', line: 3, column: 3 },
    },
  ])
})

test('without settings of its own a function gets the defaults of SAM and Lambda', () => {
  const { functions } = read(`Resources:
  Hello: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, Runtime: nodejs24.x } }`)
  expect(functions).toMatchObject([
    { name: 'stack-Hello', codeDir: '/project', timeoutMs: 3000, memoryMb: 128, environment: {} },
  ])
})

test('properties that are not needed are not resolved, so what they refer to need not exist locally', () => {
  const { findings } = read(`${GLOBALS}Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: { Role: !GetAtt SomeRole.Arn, Policies: [!Ref Nothing] }`)
  expect(findings).toEqual([])
})

test('other resources, and functions whose condition does not hold, are left out', () => {
  const { functions } = read(`${GLOBALS}Conditions: { No: !Equals [a, b] }
Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Off: { Type: AWS::Serverless::Function, Condition: No, Properties: {} }
  On: { Type: AWS::Serverless::Function, Properties: {} }`)
  expect(functions.map(({ logicalId }) => logicalId)).toEqual(['On'])
})

test('a missing handler and an unknown reference are reported together', () => {
  const { findings } = read(`Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Environment: { Variables: { T: !Ref Table } }`)
  expect(findings).toEqual([
    expect.stringMatching(/template.yaml:2:3: Hello: Handler is missing/),
    expect.stringMatching(/template.yaml:6:\d+: Ref Table: there is no parameter or resource/),
  ])
})
