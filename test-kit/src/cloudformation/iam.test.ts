import { isAllowed, type Statement, statementsOf, unusedGrants } from './iam.ts'

const GET: Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/config/*' }
const DENY: Statement = { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::b/config/secret' }
const get = (key: string, action = 's3:GetObject') => ({ action, resource: `arn:aws:s3:::b/${key}` })

test.each([
  [get('config/a'), true],
  [get('config/a/b'), true],
  [get('config/a', 'S3:getobject'), true],
  [get('config'), false],
  [get('Config/a'), false],
  [get('config/a', 's3:PutObject'), false],
])('%j is allowed: %j', (call, allowed) => {
  expect(isAllowed([GET], call)).toBe(allowed)
})

test('a denial wins', () => {
  expect(isAllowed([GET, DENY], get('config/secret'))).toBe(false)
  expect(isAllowed([GET, DENY], get('config/other'))).toBe(true)
})

test('nothing is allowed by nothing', () => {
  expect(isAllowed([], get('config/a'))).toBe(false)
})

test('characters that mean something in regular expressions mean themselves', () => {
  const statement: Statement = { Effect: 'Allow', Action: 'a:B', Resource: ['arn:x.y', 'arn:q?'] }
  expect(isAllowed([statement], { action: 'a:B', resource: 'arn:xzy' })).toBe(false)
  expect(isAllowed([statement], { action: 'a:B', resource: 'arn:qq' })).toBe(true)
})

test('each action on each resource counts as a permission of its own', () => {
  const statement: Statement = { Effect: 'Allow', Action: ['a:A', 'a:B'], Resource: ['r1', 'r2'] }
  const calls = [
    { action: 'a:A', resource: 'r1' },
    { action: 'a:B', resource: 'r2' },
  ]
  expect(unusedGrants([statement, DENY], calls)).toEqual(['a:A on r2', 'a:B on r1'])
})

test('a condition is not passed over in silence', () => {
  const Statement = [{ ...GET, Condition: { Bool: {} } }]
  expect(() => statementsOf({ Policies: [{ PolicyDocument: { Statement } }] })).toThrow('Condition')
})
