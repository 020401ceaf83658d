import {
  answerEnvelope,
  answerInterleaved,
  answerLines,
  answerText,
  answerWell,
  type Behaviour,
  breakStream,
  closeConnection,
  functionError,
  lines,
  neverAnswer,
  type ReceivedItem,
  refuse,
  resetConnection,
  throttle,
  whole,
  withoutComplete,
} from '@lpr/test-kit'

/** What each of the four co-batched requests ends with; `2` is the one that a record-level fault hits. */
type Expected = Partial<Record<'1' | '2' | '3' | '4', string>> & { all?: string }

export interface Fault {
  name: string
  behaviour: Behaviour
  expected: Expected
  /** Moves the clock once the invocation has arrived. */
  advanceMs?: number
}

export const IDS = ['1', '2', '3', '4'] as const
export const STREAM_IDLE_MS = 3000

/** The good answer for every item but `2`. */
function spoil(record: (item: ReceivedItem) => unknown): (item: ReceivedItem) => unknown {
  return (item) => (item.pathParameters?.id === '2' ? record(item) : whole(item))
}

function only(...ids: string[]) {
  return ({ items }: { items: ReceivedItem[] }): string =>
    lines(
      ...items
        .filter(({ pathParameters }) => ids.includes(pathParameters?.id ?? ''))
        .map((item) => whole(item)),
    )
}

const refusals: Fault[] = [
  { name: 'Lambda throttles the invocation', behaviour: throttle, expected: { all: 'function_throttled' } },
  {
    name: 'EC2 throttles Lambda',
    behaviour: refuse(502, 'EC2ThrottledException'),
    expected: { all: 'function_throttled' },
  },
  {
    name: 'permission is missing',
    behaviour: refuse(403, 'AccessDeniedException'),
    expected: { all: 'invoke_failed' },
  },
  {
    name: 'the function is missing',
    behaviour: refuse(404, 'ResourceNotFoundException'),
    expected: { all: 'invoke_failed' },
  },
  {
    name: 'the batch is too large for Lambda',
    behaviour: refuse(413, 'RequestTooLargeException'),
    expected: { all: 'invoke_failed' },
  },
  {
    name: 'Lambda is broken',
    behaviour: refuse(500, 'ServiceException'),
    expected: { all: 'invoke_failed' },
  },
  {
    name: 'an error is no JSON',
    behaviour: (call) => call.respond(503, '<html>'),
    expected: { all: 'invoke_failed' },
  },
  { name: 'the connection is reset', behaviour: resetConnection, expected: { all: 'invoke_failed' } },
  { name: 'the connection is closed', behaviour: closeConnection, expected: { all: 'invoke_failed' } },
  {
    name: 'the answer is not HTTP',
    behaviour: (call) => call.hangUp('SSH-2.0-OpenSSH\r\n'),
    expected: { all: 'invoke_failed' },
  },
  { name: 'the function fails', behaviour: functionError, expected: { all: 'function_error' } },
  { name: 'no answer comes', behaviour: neverAnswer, expected: { all: 'timeout' }, advanceMs: 10_000 },
  { name: 'the answer is well', behaviour: answerWell, expected: {} },
]

const badFields: [name: string, fields: Record<string, unknown>][] = [
  ['a status below 200', { statusCode: 101 }],
  ['a status beyond three digits', { statusCode: 1000 }],
  ['a fractional status', { statusCode: 200.5 }],
  ['a status in words', { statusCode: 'OK' }],
  ['no status', { statusCode: undefined }],
  ['a line break in a header', { headers: { 'x-evil': 'a\r\nset-cookie: b' } }],
  ['a header name with a space', { headers: { 'x evil': 'a' } }],
  ['a header that is an object', { headers: { 'x-evil': {} } }],
  ['headers that are a list', { headers: ['x-evil'] }],
  ['a cookie with a line break', { cookies: ['a=b\nc'] }],
  ['cookies that are text', { cookies: 'a=b' }],
  ['a body that is a number', { body: 5 }],
  ['a body that is not base64', { body: 'ä', isBase64Encoded: true }],
  ['another version', { v: 2 }],
]

/** Faults of single records, in the envelope and as lines; the neighbours of the bad one must not notice. */
const records: Fault[] = [
  ...badFields.map(([name, fields]) => ({
    name: `one record has ${name}`,
    behaviour: answerLines((item) => lines(spoil((bad) => whole(bad, fields))(item))),
    expected: { 2: 'invalid_function_response' },
  })),
  {
    name: 'one record is missing',
    behaviour: answerText(only('1', '3', '4')),
    expected: { 2: 'missing_function_response' },
  },
  {
    name: 'all records are missing',
    behaviour: answerText(() => ''),
    expected: { all: 'missing_function_response' },
  },
  {
    name: 'every record comes twice',
    behaviour: answerLines((item) => lines(whole(item), whole(item, { body: 'late' }))),
    expected: {},
  },
  {
    name: 'records are for nobody',
    behaviour: answerLines((item) => lines({ v: 1, id: 'r-0', statusCode: 200 }, whole(item))),
    expected: {},
  },
  {
    name: 'records have no id',
    behaviour: answerLines((item) => lines({ v: 1 }, 5, null, [], 'text', whole(item))),
    expected: {},
  },
  {
    name: 'lines are not JSON',
    behaviour: answerLines((item) => `oops {"v":1\n\r\n\n${lines(whole(item))}`),
    expected: {},
  },
  {
    name: 'the last line has no end',
    behaviour: answerText((call) => only(...IDS)(call).trimEnd()),
    expected: {},
  },
  {
    name: 'the content type is wrong',
    behaviour: answerText(only(...IDS), { 'content-type': 'text/html' }),
    expected: {},
  },
  { name: 'the answer is the envelope', behaviour: answerEnvelope((item) => whole(item)), expected: {} },
  {
    name: 'the answer is the envelope on many lines',
    behaviour: answerEnvelope((item) => whole(item), 1, 2),
    expected: {},
  },
  {
    name: 'the envelope has a bad entry and a hole',
    behaviour: answerEnvelope((item) =>
      item.pathParameters?.id === '3' ? undefined : spoil(() => null)(item),
    ),
    expected: { 2: 'missing_function_response', 3: 'missing_function_response' },
  },
  {
    name: 'the envelope has another version',
    behaviour: answerEnvelope((item) => whole(item), 7),
    expected: { all: 'invalid_function_response' },
  },
  {
    name: 'the answer is another document',
    behaviour: answerText(() => '{"hello":"world"}'),
    expected: { all: 'missing_function_response' },
  },
  {
    name: 'the answer is null',
    behaviour: answerText(() => 'null'),
    expected: { all: 'missing_function_response' },
  },
]

const buffered: Fault[] = [
  {
    name: 'the body is cut',
    behaviour: (call) => call.hangUp('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"v":1,"responses":['),
    expected: { all: 'invoke_failed' },
  },
  {
    name: 'the function fails without a word',
    behaviour: (call) => call.respond(200, '', { 'x-amz-function-error': 'Handled' }),
    expected: { all: 'function_error' },
  },
]

const streamed: Fault[] = [
  { name: 'the answer is interleaved', behaviour: answerInterleaved, expected: {} },
  ...(['crc', 'exception', 'error', 'rubbish'] as const).flatMap((kind) => [
    {
      name: `the stream begins with a bad frame (${kind})`,
      behaviour: breakStream(kind, () => ''),
      expected: { all: 'invoke_failed' },
    },
    {
      name: `the stream breaks half way (${kind})`,
      behaviour: breakStream(kind, only('1', '2')),
      expected: { 3: 'invoke_failed', 4: 'invoke_failed' },
    },
  ]),
  {
    name: 'the function fails half way',
    behaviour: (call) => {
      call.send(only('1', '2')(call))
      call.complete({ ErrorCode: 'Unhandled', ErrorDetails: 'a secret of the function' })
    },
    expected: { 3: 'function_error', 4: 'function_error' },
  },
  {
    name: 'the stream ends without its last frame',
    behaviour: withoutComplete(only('1')),
    expected: { 2: 'invoke_failed', 3: 'invoke_failed', 4: 'invoke_failed' },
  },
  {
    name: 'one record is too long to be held',
    behaviour: answerLines((item) =>
      lines(spoil((bad) => whole(bad, { body: 'x'.repeat(17 * 1024 * 1024) }))(item)),
    ),
    expected: { 2: 'missing_function_response' },
  },
  {
    name: 'the stream falls silent half way',
    behaviour: (call) => call.send(only('1', '2')(call)),
    expected: { 3: 'function_error', 4: 'function_error' },
    advanceMs: STREAM_IDLE_MS,
  },
]

/** Every fault by the operation that it can happen to. */
export const FAULTS: [operation: string, path: string, faults: Fault[]][] = [
  ['Invoke', '/b', [...refusals, ...records, ...buffered]],
  ['InvokeWithResponseStream', '/s', [...refusals, ...records, ...streamed]],
]
