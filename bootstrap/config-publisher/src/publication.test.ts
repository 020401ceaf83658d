import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import { normalisePrefix, place, publicationOf } from './publication.ts'

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'
const Spec = {
  paths: { '/a': { get: { 'x-target-lambda': ARN, 'x-lpr': { maxWaitMs: '10', maxBatchSize: '4' } } } },
}
const GOOD = { ServiceToken: 'arn:aws:lambda:x', ServiceTimeout: '120', Prefix: 'p', RouterConfig: {}, Spec }

function problems(properties: Record<string, unknown>) {
  const result = publicationOf({ ...GOOD, ...properties }, 'default-bucket')
  return 'problems' in result ? result.problems : []
}

test('the manifest is the config with the spec and the default address', () => {
  const { body } = place({ ...GOOD, Port: '9000', RouterConfig: { MaxBodyBytes: '5' } }, 'b')
  expect(JSON.parse(body)).toEqual({ ListenAddr: '0.0.0.0:9000', MaxBodyBytes: '5', Spec })
})

test('an address that is given stays, unless it is blank', () => {
  const address = (ListenAddr: string) =>
    JSON.parse(place({ ...GOOD, RouterConfig: { ListenAddr } }, 'b').body).ListenAddr
  expect(address(':8081')).toBe(':8081')
  expect(address('  ')).toBe('0.0.0.0:8080')
})

test('the key is the hash of the very bytes that are written', () => {
  const { body, sha256, key } = place(GOOD, 'b')
  expect(sha256).toBe(createHash('sha256').update(body, 'utf8').digest('hex'))
  expect(key).toBe(`p/config/${sha256}.json`)
})

test('the order of keys does not change the hash', () => {
  const one = place({ ...GOOD, RouterConfig: { MaxBodyBytes: '1', IdleTtlMs: '2' } }, 'b')
  const other = place({ ...GOOD, RouterConfig: { IdleTtlMs: '2', MaxBodyBytes: '1' } }, 'b')
  expect(other.sha256).toBe(one.sha256)
})

// What Python's json.dumps(sort_keys=True, separators=(',', ':'), ensure_ascii=False) writes.
test('the text is that of other languages, so that their hashes are equal', () => {
  const text = canonicalJson({ ﬀ: 1, '😀': { b: ['2', null, true], a: 'ä"\n\u2028/' } })
  expect(text).toBe('{"ﬀ":1,"😀":{"a":"ä\\"\\n\u2028/","b":["2",null,true]}}')
})

test.each([
  [undefined, 'lpr/'],
  ['a', 'a/'],
  ['a/', 'a/'],
  ['  /a/b ', 'a/b/'],
  ['//a', 'a/'],
  ['/', ''],
  [' ', ''],
])('prefix %j is written as %j', (given, expected) => {
  expect(normalisePrefix(given)).toBe(expected)
})

test.each([undefined, '', ' 9000 ', '9000', 9000])('port %j is good', (Port) => {
  expect(problems({ Port })).toEqual([])
})

test.each(['0', '-1', '65536', '80.5', 'http', true, {}, 'NaN'])('port %j is refused', (Port) => {
  expect(problems({ Port })).toEqual([
    expect.stringMatching(/^Port: must be an integer from 1 to 65535, got/),
  ])
})

test('every mistake is told, each with the property it is in', () => {
  const properties = {
    BuckteName: 'b',
    BucketName: '',
    Prefix: 'x'.repeat(600),
    Port: '9000',
    RouterConfig: { ListenAddr: ':8080', MaxBodyByte: '1', Spec: {} },
    Spec: { paths: { '/a': { get: { 'x-target-lambda': ARN, 'x-lpr': { maxWaitMs: 'soon' } } } } },
  }
  expect(publicationOf(properties, '')).toEqual({
    problems: [
      'BuckteName: unknown key, did you mean BucketName?',
      'BucketName: is required, because there is no default bucket',
      'Prefix: must be at most 512 bytes long',
      'RouterConfig.Spec: belongs one level up, as the property Spec',
      'RouterConfig.ListenAddr: must have the port that Port says (9000), got ":8080"',
      'RouterConfig.MaxBodyByte: unknown key, did you mean MaxBodyBytes?',
      'Spec.paths./a.get.x-lpr.maxBatchSize: is required but missing',
      'Spec.paths./a.get.x-lpr.maxWaitMs: must be an integer, got "soon"',
    ],
  })
})

test('config and spec are required', () => {
  expect(publicationOf({}, 'b')).toEqual({
    problems: ['RouterConfig: must be a map, got undefined', 'Spec: is required but missing'],
  })
})
