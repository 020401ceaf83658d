import { expect, test } from '@jest/globals'
import { executedVersion, functionArn, parseFunctionName } from './function-name.ts'

const HERE = { region: 'eu-central-1', accountId: '111122223333' }

test.each([
  ['orders', null, { name: 'orders' }],
  ['orders', 'live', { name: 'orders', qualifier: 'live' }],
  ['orders:3', null, { name: 'orders', qualifier: '3' }],
  ['orders:$LATEST', '$LATEST', { name: 'orders', qualifier: '$LATEST' }],
  ['111122223333:function:orders:live', null, { name: 'orders', qualifier: 'live' }],
  ['arn:aws:lambda:eu-central-1:111122223333:function:orders', null, { name: 'orders' }],
  ['arn:aws:lambda:eu-central-1:111122223333:function:orders:1', '1', { name: 'orders', qualifier: '1' }],
])('%s with qualifier %s is understood', (text, qualifier, reference) => {
  expect(parseFunctionName(text, qualifier, HERE)).toEqual(reference)
})

test.each([
  ['', null, 'InvalidParameterValueException'],
  ['orders:li ve', null, 'InvalidParameterValueException'],
  ['orders', 'li ve', 'InvalidParameterValueException'],
  ['x'.repeat(257), null, 'InvalidParameterValueException'],
  ['orders:1', '2', 'InvalidParameterValueException'],
  ['arn:aws:lambda:eu-central-1:111122223333:layer:orders', null, 'InvalidParameterValueException'],
  ['arn:aws:lambda:us-east-1:111122223333:function:orders', null, 'ResourceNotFoundException'],
  ['444455556666:function:orders', null, 'ResourceNotFoundException'],
])('%s with qualifier %s is refused', (text, qualifier, type) => {
  expect(() => parseFunctionName(text, qualifier, HERE)).toThrow(expect.objectContaining({ type }))
})

test('an ARN names the partition of its region', () => {
  const place = { accountId: '111122223333' }
  const reference = { name: 'f', qualifier: 'live' }
  expect(functionArn({ ...place, region: 'eu-west-1' }, reference)).toBe(
    'arn:aws:lambda:eu-west-1:111122223333:function:f:live',
  )
  expect(functionArn({ ...place, region: 'cn-north-1' }, { name: 'f' })).toBe(
    'arn:aws-cn:lambda:cn-north-1:111122223333:function:f',
  )
  expect(functionArn({ ...place, region: 'us-gov-west-1' }, { name: 'f' })).toBe(
    'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:f',
  )
})

test('only a version number is its own version', () => {
  expect(['7', 'live', '$LATEST', undefined].map(executedVersion)).toEqual([
    '7',
    '$LATEST',
    '$LATEST',
    '$LATEST',
  ])
})
