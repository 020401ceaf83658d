import { formatFinding } from '../errors.ts'
import { conditionHolds, resolveIntrinsics, type Scope } from './intrinsics.ts'
import { parseSource } from './read.ts'

const VALUES: Record<string, unknown> = {
  'AWS::Region': 'eu-west-1',
  Stage: 'prod',
  Ports: ['1', '2'],
  Fn: 'stack-fn',
}

function scopeOf(text: string): Scope {
  const { body, places } = parseSource(text, 't.yaml')
  return {
    body,
    ref: (name) => VALUES[name],
    attribute: (id, attribute) => (id === 'Fn' && attribute === 'Arn' ? 'arn:fn' : undefined),
    importValue: (name) => (name === 'LprConfigBucketName' ? 'bucket' : undefined),
    place: (path) => places.locate(path),
  }
}

function resolved(text: string): unknown {
  const scope = scopeOf(text)
  const { value, findings } = resolveIntrinsics(scope.body.V, ['V'], scope)
  return findings.length > 0 ? findings.map(formatFinding) : value
}

test.each([
  ['Ref', 'V: !Ref Stage', 'prod'],
  ['Ref to a list', 'V: !Ref Ports', ['1', '2']],
  ['GetAtt as short tag', 'V: !GetAtt Fn.Arn', 'arn:fn'],
  ['GetAtt as list', 'V: { "Fn::GetAtt": [Fn, Arn] }', 'arn:fn'],
  ['GetAtt as text', 'V: { "Fn::GetAtt": Fn.Arn }', 'arn:fn'],
  ['Sub of a text', `V: !Sub "\${AWS::Region}/\${Fn.Arn}/\${!Literal}"`, `eu-west-1/arn:fn/\${Literal}`],
  ['Sub with variables', `V: !Sub ["\${a}-\${Stage}", { a: !Ref Fn }]`, 'stack-fn-prod'],
  ['Join', 'V: !Join ["-", [a, !Ref Stage, 1]]', 'a-prod-1'],
  ['Split and Select', 'V: !Select [1, !Split [",", "a,b"]]', 'b'],
  ['FindInMap', 'V: !FindInMap [M, !Ref Stage, size]\nMappings: { M: { prod: { size: 4 } } }', 4],
  ['ImportValue', 'V: !ImportValue LprConfigBucketName', 'bucket'],
])('%s is resolved', (_name, text, expected) => {
  expect(resolved(text)).toEqual(expected)
})

test('members and entries that are AWS::NoValue disappear', () => {
  expect(resolved('V: { a: !Ref AWS::NoValue, b: [1, !Ref AWS::NoValue, 2] }')).toEqual({ b: [1, 2] })
})

const CONDITIONS = `
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition Prod]
  Either: !Or [!Condition Prod, !Condition NotProd]
  Both: !And [!Condition Prod, !Condition NotProd]
  Loop: !Not [!Condition Loop]
  Number: !Equals [1, '1']
`

test('Fn::If takes the branch that its condition says and leaves the other alone', () => {
  expect(resolved(`V: !If [Prod, yes, !GetAtt Nothing.Here]${CONDITIONS}`)).toBe('yes')
  expect(resolved(`V: { a: !If [NotProd, 1, !Ref AWS::NoValue] }${CONDITIONS}`)).toEqual({})
})

test.each([
  ['Prod', true],
  ['NotProd', false],
  ['Either', true],
  ['Both', false],
  ['Number', true],
  [undefined, true],
])('condition %s holds: %s', (name, expected) => {
  expect(conditionHolds(name, ['V'], scopeOf(`V: 1${CONDITIONS}`))).toEqual({ holds: expected, findings: [] })
})

test('a condition that refers to itself is reported instead of followed for ever', () => {
  const { findings } = conditionHolds('Loop', ['V'], scopeOf(`V: 1${CONDITIONS}`))
  expect(findings.map(({ message }) => message)).toEqual(['condition Loop refers to itself'])
})

test('every intrinsic that cannot be resolved is named with its place, all at once', () => {
  const text = `V:
  a: !Base64 x
  b: !GetAtt Table.Arn
  c: !Ref Missing
  d: !Ref Needed
  e: !If [Unknown, 1, 2]
Parameters: { Needed: { Type: String } }`
  expect(resolved(text)).toEqual([
    expect.stringMatching(/^t.yaml:2:\d+: Fn::Base64 is not supported locally/),
    expect.stringMatching(/^t.yaml:3:\d+: Fn::GetAtt Table.Arn is not known locally/),
    expect.stringMatching(/^t.yaml:4:\d+: Ref Missing: there is no parameter or resource/),
    expect.stringMatching(
      /^t.yaml:5:\d+: parameter Needed has no value\n +remedy: pass --parameter Needed=<value>/,
    ),
    expect.stringMatching(/^t.yaml:6:\d+: there is no condition Unknown/),
  ])
})
