import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runCli } from '../cli.ts'

/** The part of CloudFormation's API that the command uses: the Query protocol, over a real socket. */
let server: Server
const requests: URLSearchParams[] = []
const environment = { ...process.env }

const STACK = `<member><StackName>shop</StackName><StackStatus>UPDATE_COMPLETE</StackStatus>
<CreationTime>2026-11-24T00:00:00Z</CreationTime><Outputs>
<member><OutputKey>RouterUrl</OutputKey><OutputValue>https://abc.example.com</OutputValue><Description>The router</Description></member>
<member><OutputKey>Table</OutputKey><OutputValue>shop-orders</OutputValue></member></Outputs></member>`
const EMPTY = `<member><StackName>empty</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
<CreationTime>2026-11-24T00:00:00Z</CreationTime></member>`

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const query = new URLSearchParams(Buffer.concat(chunks).toString())
    requests.push(query)
    const stack = { shop: STACK, empty: EMPTY }[query.get('StackName') ?? '']
    response.writeHead(stack === undefined ? 400 : 200, { 'content-type': 'text/xml' })
    response.end(stack === undefined ? refusal() : answer(stack))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})
afterAll(async () => {
  process.env = environment
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function answer(stack: string): string {
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
<Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`
}

function refusal(): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
<Code>ValidationError</Code><Message>Stack with id nothing does not exist</Message></Error></ErrorResponse>`
}

async function run(...args: string[]) {
  const outcome = { code: -1, stdout: '', stderr: '' }
  outcome.code = await runCli(['outputs', '--region', 'eu-west-1', ...args], {
    stdout: (text) => {
      outcome.stdout += text
    },
    stderr: (text) => {
      outcome.stderr += text
    },
  })
  return outcome
}

test('the outputs of a stack are a table for people and an object for scripts', async () => {
  const { code, stdout } = await run('--stack', 'shop')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^OUTPUT +VALUE +DESCRIPTION\nRouterUrl +https:\/\/abc\.example\.com +The router\nTable +shop-orders\n$/,
  )
  expect(requests.at(-1)?.get('Action')).toBe('DescribeStacks')

  const json = await run('--stack', 'shop', '-o', 'json')
  expect(JSON.parse(json.stdout)).toEqual({
    ok: true,
    stack: 'shop',
    status: 'UPDATE_COMPLETE',
    outputs: { RouterUrl: 'https://abc.example.com', Table: 'shop-orders' },
  })
})

test('a stack without outputs has none', async () => {
  expect(await run('--stack', 'empty')).toEqual({ code: 0, stdout: 'empty has no outputs\n', stderr: '' })
})

test('a stack that is not there is a finding', async () => {
  const { code, stdout } = await run('--stack', 'nothing', '-o', 'json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    findings: [
      {
        message: 'cannot read the stack nothing: ValidationError: Stack with id nothing does not exist',
        remedy: 'check the name, the region and the credentials',
      },
    ],
  })
})
