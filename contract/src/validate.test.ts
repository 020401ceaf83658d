import { formatProblems, validateManifest } from './index.ts'

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'

function manifest(lpr: Record<string, unknown> = {}, extra: Record<string, unknown> = {}, method = 'get') {
  const operation = { 'x-target-lambda': ARN, 'x-lpr': { maxWaitMs: 10, maxBatchSize: 4, ...lpr } }
  return { ListenAddr: ':8080', Spec: { paths: { '/orders/{id}': { [method]: operation } } }, ...extra }
}

function problems(document: unknown, intrinsics = false) {
  return formatProblems(validateManifest(document, { intrinsics }).problems)
}

test('a good manifest has no problems and comes back with its defaults', () => {
  const result = validateManifest(manifest())
  expect(result.problems).toEqual([])
  expect(result.manifest).toMatchObject({
    MaxInflightInvocations: 64,
    ForwardHeaders: { Allow: [], Deny: [] },
  })
})

test('strings that hold numbers or booleans count as such, as CloudFormation sends them', () => {
  const result = validateManifest(
    manifest({ maxWaitMs: ' 10 ' }, { MaxBodyBytes: '1024', IncludeBatchHeaders: 'true' }),
  )
  expect(result.manifest).toMatchObject({ MaxBodyBytes: 1024, IncludeBatchHeaders: true })
})

test.each(['-1', '1_000', '1e3', '12.0', '0x10', '', true])('%p is not an integer', (value) => {
  expect(problems(manifest({}, { MaxBodyBytes: value }))).toEqual([
    expect.stringMatching(/^MaxBodyBytes: must be an integer, got/),
  ])
})

test('null where a number is optional counts as absent', () => {
  expect(validateManifest(manifest({ timeoutMs: null }, { MaxBodyBytes: null })).manifest?.MaxBodyBytes).toBe(
    1048576,
  )
})

test('an unknown key is an error that suggests the right one', () => {
  expect(problems(manifest({ maxBatchsize: 1 }, { MaxBodyByte: 5 }))).toEqual([
    'Spec.paths./orders/{id}.get.x-lpr.maxBatchsize: unknown key, did you mean maxBatchSize?',
    'MaxBodyByte: unknown key, did you mean MaxBodyBytes?',
  ])
})

test('the validator does not change the document it is given', () => {
  const document = manifest({ maxWaitMs: '5' })
  const before = JSON.stringify(document)
  validateManifest(document)
  expect(JSON.stringify(document)).toBe(before)
})

test('all mistakes are reported together, each with its path, in document order', () => {
  const document = {
    ListenAddr: 'nowhere',
    MaxInvokePayloadBytes: 7000000,
    Spec: {
      paths: {
        '/a': { get: { 'x-target-lambda': 'arn:aws:s3:::b', 'x-lpr': { maxWaitMs: 5, maxBatchSize: 0 } } },
        '/b': { GET: {} },
      },
    },
  }
  expect(problems(document)).toEqual([
    'ListenAddr: must be host:port, [v6]:port or :port, got "nowhere"',
    'MaxInvokePayloadBytes: must be <= 6291456, got 7000000',
    'Spec.paths./a.get.x-target-lambda: must be the ARN of a Lambda function, got "arn:aws:s3:::b"',
    'Spec.paths./a.get.x-lpr.maxBatchSize: must be >= 1, got 0',
    'Spec.paths./b: must have an operation: get, post, put, delete, patch, head, options',
    'Spec.paths./b.GET: unknown key, did you mean get?',
  ])
})

test.each([
  ['127.0.0.1:8080', ['AdminListenAddr: must have another port than ListenAddr, got "127.0.0.1:8080"']],
  ['127.0.0.1:9901', []],
])('the admin address %s beside :8080 gives %j', (AdminListenAddr, expected) => {
  expect(problems(manifest({}, { AdminListenAddr }))).toEqual(expected)
})

test.each([
  ['127.0.0.1:8080', '10.0.0.1:8080'],
  ['127.0.0.1:0', '127.0.0.1:0'],
])('%s and %s can be listened on at once', (ListenAddr, AdminListenAddr) => {
  expect(problems(manifest({}, { ListenAddr, AdminListenAddr }))).toEqual([])
})

test('a missing key is named with its whole path', () => {
  const document = manifest()
  delete (document.Spec.paths['/orders/{id}'].get as Record<string, unknown>)['x-lpr']
  expect(problems(document)).toEqual(['Spec.paths./orders/{id}.get.x-lpr: is required but missing'])
  expect(problems({})).toEqual(['ListenAddr: is required but missing', 'Spec: is required but missing'])
})

test.each([null, 'text', 5, [], undefined])('a document that is %p is one clear error', (document) => {
  expect(problems(document)).toEqual([expect.stringContaining('must be a map, got')])
})

test.each([
  [{ maxWaitMs: 3000 }, 'timeoutMs: must be more than maxWaitMs (3000), got 2000 (from DefaultTimeoutMs)'],
  [{ maxWaitMs: 10, timeoutMs: 10 }, 'timeoutMs: must be more than maxWaitMs (10), got 10'],
  [{ dynamicWait: { minWaitMs: 11 } }, 'dynamicWait.minWaitMs: must be at most maxWaitMs (10), got 11'],
  [{ dynamicWait: { minWaitMs: 1 }, adaptiveWait: {} }, 'adaptiveWait: excludes dynamicWait'],
  [{ key: ['header:a', 'header:A'] }, 'key.1: repeats header:a'],
  [
    { key: ['body:x'] },
    'key.0: must be header:<name>, query:<name>, path:<param>, cookie:<name> or sourceIp, got "body:x"',
  ],
  [{ key: ['path:nope'] }, 'key.0: names a parameter that /orders/{id} does not have: nope'],
  [{ tenantId: 'query:t' }, 'tenantId: must be header:<name> or path:<param>, got "query:t"'],
  [{ invokeMode: 'stream' }, 'invokeMode: must be one of "buffered", "response_stream", got "stream"'],
])('x-lpr %j is refused', (lpr, message) => {
  expect(problems(manifest(lpr))).toEqual([`Spec.paths./orders/{id}.get.x-lpr.${message}`])
})

test('a retry of a method that is not idempotent has to be asked for', () => {
  const retry = { maxAttempts: 2, on: ['throttle'] }
  expect(problems(manifest({ retry, bisectBatchOnFunctionError: true }, {}, 'post'))).toHaveLength(2)
  expect(
    problems(
      manifest({ retry: { ...retry, nonIdempotent: true }, bisectBatchOnFunctionError: true }, {}, 'post'),
    ),
  ).toEqual([])
})

test.each([
  ['a', 'must start with /'],
  ['/a/{id}.json', 'parameter must run to the end of its segment in {id}.json'],
  ['/a/{id}-{x}', 'one parameter a segment, without nested braces, in {id}-{x}'],
  ['/a/{}', 'parameter without a name in {}'],
  ['/a/{x+}/b', 'greedy parameter {x+} must be the last segment'],
  ['/a/pre{x+}', 'greedy parameter must be a segment of its own in pre{x+}'],
  ['/{id}/{id}', 'parameter id appears twice'],
  ['/a/}b', 'unbalanced } in }b'],
  ['/a/{b', 'unbalanced braces in {b'],
  ['/healthz', 'is served by the router itself'],
])('template %s is refused', (template, message) => {
  const document = manifest()
  const paths = { [template]: document.Spec.paths['/orders/{id}'] }
  expect(problems({ ...document, Spec: { paths } })).toEqual([`Spec.paths.${template}: ${message}`])
})

test('two templates that match the same paths are a conflict', () => {
  const item = manifest().Spec.paths['/orders/{id}']
  const paths = { '/a/{x}': item, '/a/{y}': item, '/a/{y}/b': item, '/{rest+}': item, '/{*all}': item }
  expect(problems({ ListenAddr: ':1', Spec: { paths } })).toEqual([
    'Spec.paths./a/{y}: matches the same paths as /a/{x}',
    'Spec.paths./{*all}: matches the same paths as /{rest+}',
  ])
})

test('intrinsics pass where a value is not known yet, and only there', () => {
  const document = manifest(
    { maxWaitMs: { Ref: 'Wait' }, maxBatchSize: 0 },
    { ForwardHeaders: { 'Fn::If': ['C', {}, {}] } },
  )
  expect(problems(document, true)).toEqual([
    'Spec.paths./orders/{id}.get.x-lpr.maxBatchSize: must be >= 1, got 0',
  ])
  expect(problems(document)).toHaveLength(3)
})

test('a key named __proto__ is unknown like any other', () => {
  expect(
    problems(JSON.parse(JSON.stringify(manifest()).replace('{"ListenAddr"', '{"__proto__":{},"ListenAddr"'))),
  ).toEqual(['__proto__: unknown key'])
})
