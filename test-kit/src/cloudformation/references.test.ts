import { dependencyOrder } from './references.ts'

/** `${name}`, as `Fn::Sub` has it. */
const name = (text: string) => `\${${text}}`

test('what is referred to comes first, in every spelling', () => {
  const resources = {
    A: { Properties: { x: [{ Ref: 'B' }] } },
    B: { Properties: { x: { 'Fn::GetAtt': ['C', 'Arn'] } } },
    C: { Properties: { x: { 'Fn::GetAtt': 'D.Arn.More' } } },
    D: {
      Properties: { x: { 'Fn::Sub': `arn:${name('AWS::Region')}:${name('E.Arn')}:${name('!Literal')}` } },
    },
    E: { Properties: { x: { 'Fn::Sub': [name('v'), { v: { Ref: 'F' } }] } } },
    F: { DependsOn: 'G' },
    G: { DependsOn: ['H'] },
    H: { Properties: { x: { Ref: 'AWS::Region' } } },
  }
  expect(dependencyOrder(resources)).toEqual(['H', 'G', 'F', 'E', 'D', 'C', 'B', 'A'])
})

test('a circle is an error that names it', () => {
  const resources = { A: { Properties: { Ref: 'B' } }, B: { DependsOn: 'A' } }
  expect(() => dependencyOrder(resources)).toThrow('A -> B -> A')
})
