import { otlpHeaders, otlpProtocol } from './otlp.ts'

const general = 'OTEL_EXPORTER_OTLP_ENDPOINT'
const traces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'

test.each([
  ['no endpoint: off', {}, undefined],
  ['a blank endpoint: off', { [general]: ' ' }, undefined],
  ['the general endpoint', { [general]: 'http://c:4318' }, 'http/protobuf'],
  ['the endpoint of the signal', { [traces]: 'http://c' }, 'http/protobuf'],
  ['that of the signal set and blank: off', { [general]: 'http://c', [traces]: '' }, undefined],
  ['a collector beside the router speaks gRPC', { [general]: 'http://localhost:4317' }, 'grpc'],
  ['the protocol, in any case', { [general]: 'http://c', OTEL_EXPORTER_OTLP_PROTOCOL: ' GRPC ' }, 'grpc'],
  [
    'the protocol of the signal before the general one',
    {
      [general]: 'http://c',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
    },
    'http/protobuf',
  ],
  ['OTEL_TRACES_EXPORTER=none: off', { [general]: 'http://c', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ['exporters without otlp: off', { [general]: 'http://c', OTEL_TRACES_EXPORTER: 'console' }, undefined],
  ['exporters with otlp', { [general]: 'http://c', OTEL_TRACES_EXPORTER: 'console, OTLP' }, 'http/protobuf'],
  [
    'the exporter of another signal',
    { [general]: 'http://c', OTEL_METRICS_EXPORTER: 'none' },
    'http/protobuf',
  ],
  ['OTEL_SDK_DISABLED: off', { [general]: 'http://c', OTEL_SDK_DISABLED: 'TRUE' }, undefined],
])('%s', (_, environment, expected) => {
  expect(otlpProtocol('TRACES', environment)).toBe(expected)
})

test('another protocol is an error that names its variable', () => {
  const environment = { [general]: 'http://c', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }
  expect(() => otlpProtocol('TRACES', environment)).toThrow(
    'OTEL_EXPORTER_OTLP_PROTOCOL: expected grpc or http/protobuf, got http/json',
  )
})

test('an endpoint that is no URL is an error, but for gRPC', () => {
  expect(() => otlpProtocol('METRICS', { [general]: 'collector' })).toThrow('collector is no URL')
  const environment = { [general]: 'collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(otlpProtocol('METRICS', environment)).toBe('grpc')
})

test('headers of a secret are encoded so that no value can break the list', () => {
  const environment = { LPR_OTEL_HEADERS_JSON: '{"x-key": " a=b,c;d% ", "x-other": "1"}' }
  expect(otlpHeaders('TRACES', environment)).toBe('x-key=a%3Db%2Cc%3Bd%25,x-other=1')
})

test.each(['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'])(
  '%s wins over the secret',
  (name) => {
    expect(otlpHeaders('TRACES', { LPR_OTEL_HEADERS_JSON: '{"a":"b"}', [name]: 'c=d' })).toBeUndefined()
  },
)

test.each([
  ['secret', 'expected a JSON object'],
  ['["secret"]', 'expected a JSON object'],
  ['{}', 'is empty'],
  ['{"a b": "secret"}', '"a b" is no header name'],
  ['{"a": 1}', 'the value of a is not a string'],
  ['{"a": " "}', 'the value of a is not a string'],
  ['{"a": "secret\\nx: y"}', 'the value of a is not a string of printable ASCII'],
])('headers %j are refused, without a word of the secret', (text, message) => {
  const read = (): unknown => otlpHeaders('TRACES', { LPR_OTEL_HEADERS_JSON: text })
  expect(read).toThrow(message)
  expect(read).not.toThrow(/secret/)
})
