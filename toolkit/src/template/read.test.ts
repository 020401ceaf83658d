import { FindingsError, formatFinding } from '../errors.ts'
import { parseSource } from './read.ts'

const TEMPLATE = `Transform: [LprRouter, AWS::Serverless-2016-10-31]
Resources:
  Router:
    Type: Lpr::Router::Service
    Properties:
      Spec:
        paths:
          /a.b/{id}:
            get:
              x-target-lambda: !GetAtt Hello.Alias.Arn
              x-lpr: { maxWaitMs: 5 }
      Name: !Join ['-', [!Ref AWS::StackName, !Sub 'x\${A}']]
`

function findingsIn(text: string): string[] {
  try {
    parseSource(text, 't.yaml')
  } catch (error) {
    if (error instanceof FindingsError) return error.findings.map(formatFinding)
    throw error
  }
  return []
}

test('short tags become the long form that macros receive', () => {
  const { body } = parseSource(
    'A: !GetAtt F.B.C\nB: !Join ["-", [!Ref X, !Sub "a"]]\nC: !If [Is, 1, !Ref AWS::NoValue]',
    't',
  )
  expect(body).toEqual({
    A: { 'Fn::GetAtt': ['F', 'B.C'] },
    B: { 'Fn::Join': ['-', [{ Ref: 'X' }, { 'Fn::Sub': 'a' }]] },
    C: { 'Fn::If': ['Is', 1, { Ref: 'AWS::NoValue' }] },
  })
})

test('a long form already in the template stays as it is', () => {
  expect(parseSource('A: { "Fn::GetAtt": "F.Arn" }', 't').body).toEqual({ A: { 'Fn::GetAtt': 'F.Arn' } })
})

test('JSON templates are read too', () => {
  expect(parseSource('{"Resources": {"A": {"Type": "B"}}}', 't').body).toEqual({
    Resources: { A: { Type: 'B' } },
  })
})

test('dates, versions and account ids with leading zeros stay text', () => {
  expect(parseSource('A: 2012-10-17\nB: 012345678901\nC: 8080\nD: true', 't').body).toEqual({
    A: '2012-10-17',
    B: '012345678901',
    C: 8080,
    D: true,
  })
})

test('anchors and merge keys are followed, with the own member winning', () => {
  const { body } = parseSource('A: &a { x: 1, y: 1 }\nB: { <<: *a, y: 2 }\nC: { y: 3, <<: *a }', 't')
  expect(body).toMatchObject({ B: { x: 1, y: 2 }, C: { x: 1, y: 3 } })
})

test('every value is found again in the source', () => {
  const { places } = parseSource(TEMPLATE, 't.yaml')
  expect(places.locate(['Resources', 'Router', 'Type'])).toEqual({ file: 't.yaml', line: 4, column: 5 })
  const inSub = ['Resources', 'Router', 'Properties', 'Name', 'Fn::Join', 1, 1, 'Fn::Sub']
  expect(places.locate(inSub)).toMatchObject({ line: 12, column: 52 })
})

test('a path that the source does not have is placed at its deepest known part', () => {
  const { places } = parseSource(TEMPLATE, 't.yaml')
  expect(places.locate(['Resources', 'Router', 'Properties', 'Port'])).toMatchObject({ line: 5, column: 5 })
})

test('a dotted path in a message is found although member names hold dots', () => {
  const resources = parseSource(TEMPLATE, 't.yaml').places.child('Resources')
  const message = 'Router.Properties.Spec.paths./a.b/{id}.get.x-lpr.maxWaitMs: must be smaller'
  expect(resources?.locateText(message)).toEqual({ file: 't.yaml', line: 11, column: 24 })
})

test('list positions in a message are found in either notation', () => {
  const { places } = parseSource('A:\n  - x\n  - y: 1', 't')
  expect(places.locateText('A[1].y: wrong')).toMatchObject({ line: 3, column: 5 })
  expect(places.locateText('A.1.y: wrong')).toMatchObject({ line: 3, column: 5 })
})

test('an unknown tag is reported with its place', () => {
  expect(findingsIn('A: !Reff X\nB: !Nope Y')).toEqual([
    't.yaml:1:10: unknown tag !Reff',
    't.yaml:2:10: unknown tag !Nope',
  ])
})

test('a syntax error is reported with its place', () => {
  expect(findingsIn('A:\n  b: 1\n  b: 2')).toEqual(['t.yaml:3:3: Map keys must be unique'])
})

test('a document that is not an object is refused', () => {
  expect(findingsIn('- 1')).toEqual(['t.yaml:1:1: expected a document with named sections'])
})
