import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../src/local-lambda/test-functions.ts'

const run = promisify(execFile)
/** Where `make test-heavy` puts the AWS CLI and boto3. */
const bin = join(process.cwd(), '.build/venv/bin')

const buffered = 'export const handler = async (event) => ({ hello: event.name })'
const streamed = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('one,')
  stream.write(event.name)
  stream.end()
})`

const streamScript = `
import boto3, json, sys
client = boto3.client('lambda', endpoint_url=sys.argv[1], region_name='us-east-1')
events = list(client.invoke_with_response_stream(FunctionName=sys.argv[2], Payload=json.dumps({'name': 'two'}))['EventStream'])
text = b''.join(event['PayloadChunk']['Payload'] for event in events if 'PayloadChunk' in event).decode()
print(json.dumps({'text': text, 'complete': 'InvokeComplete' in events[-1]}))
`

const environment = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DEFAULT_REGION: 'us-east-1',
}

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

test('the AWS CLI invokes a function', async () => {
  const { lambda } = await startLambda([makeFunction(buffered, { name: 'greet' })])
  const out = join(mkdtempSync(join(tmpdir(), 'lpr-cli-')), 'out.json')
  const args = [
    'lambda',
    'invoke',
    '--endpoint-url',
    lambda.url,
    '--function-name',
    'greet',
    '--payload',
    '{"name":"cli"}',
    out,
  ]
  const { stdout } = await run(join(bin, 'aws'), args, { env: environment })
  expect(JSON.parse(stdout)).toMatchObject({ StatusCode: 200 })
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ hello: 'cli' })
})

test('boto3 reads a streamed response', async () => {
  const { lambda } = await startLambda([makeFunction(streamed, { name: 'stream' })])
  const { stdout } = await run(join(bin, 'python'), ['-c', streamScript, lambda.url, 'stream'], {
    env: environment,
  })
  expect(JSON.parse(stdout)).toEqual({ text: 'one,two', complete: true })
})
