import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStack, resolveFunctions } from '../stack/stack.ts'

const directory = mkdtempSync(join(tmpdir(), 'lpr-layers-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The stack of these resources and of a function with these layers. */
function stackWith(layers: string, resources = '') {
  const templateFile = join(directory, 'template.yaml')
  writeFileSync(
    templateFile,
    `Conditions: { Never: !Equals [a, b] }
Globals: { Function: { Layers: ['arn:aws:lambda:eu-central-1:1:layer:global:1'] } }
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Handler: app.handler, Runtime: nodejs24.x, Layers: ${layers} }
${resources}`,
  )
  const stack = readStack({ templateFile, stackName: 's', region: 'eu-central-1', overrides: new Map() })
  const findings: never[] = []
  const [settings] = resolveFunctions(stack, findings)
  expect(findings).toEqual([])
  return { stack, layers: settings?.layers ?? [] }
}

const LOCAL = `
  Sam:
    Type: AWS::Serverless::LayerVersion
    Metadata: { BuildMethod: makefile }
    Properties: { ContentUri: layers/sam }
  Plain:
    Type: AWS::Lambda::LayerVersion
    Properties: { Content: layers/plain }
  InS3:
    Type: AWS::Lambda::LayerVersion
    Properties: { Content: { S3Bucket: b, S3Key: k } }
  AlsoInS3:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: 's3://b/k' }
  Absent:
    Type: AWS::Serverless::LayerVersion
    Condition: Never
    Properties: { ContentUri: layers/absent }
`

test('the layers of a template are those whose contents are on this machine', () => {
  const { stack } = stackWith('[]', LOCAL)
  const found = [...stack.layers.values()].map(({ logicalId, contentDir }) => [logicalId, contentDir])
  expect(found).toEqual([
    ['Sam', join(directory, 'layers/sam')],
    ['Plain', join(directory, 'layers/plain')],
  ])
})

test('a function has the layers of Globals, then its own, in their order', () => {
  const { stack, layers } = stackWith('[!Ref Plain, !GetAtt Sam.LayerVersionArn]', LOCAL)
  const arn = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:layer:${name}:1`
  expect(layers).toEqual(['arn:aws:lambda:eu-central-1:1:layer:global:1', arn('Plain'), arn('Sam')])
  expect(layers.map((one) => stack.layers.get(one)?.logicalId)).toEqual([undefined, 'Plain', 'Sam'])
})

test('a layer that nothing here knows is named as the template has it, and is no mistake', () => {
  const { layers } = stackWith('[!ImportValue SomeLayer, !If [Never, !Ref Plain, !Ref AWS::NoValue]]', LOCAL)
  expect(layers.slice(1)).toEqual(['{"Fn::ImportValue":"SomeLayer"}'])
})
