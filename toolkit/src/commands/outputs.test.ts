import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runCli } from '../cli.ts'

/** One stack as CloudFormation's query API tells of it. */
interface FakeStack {
  parameters?: Record<string, string>
  outputs?: Record<string, string>
  /** What GetTemplate answers. */
  template?: unknown
}

const NAME = 'shop'
const servers: Server[] = []
const environment = { ...process.env }
let stack: FakeStack
/** Answer of every call instead of the stack: status, code, message. */
let failure: [number, string, string] | undefined
let requests: string[]
let routerUrl: string
let respond: (request: IncomingMessage, response: ServerResponse) => void

beforeEach(async () => {
  stack = {}
  failure = undefined
  requests = []
  respond = (_, response) => response.writeHead(200).end('hello')
  routerUrl = await serve((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    respond(request, response)
  })
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: await serve(cloudFormation),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  })
})
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
  process.env = { ...environment }
})

async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
function cloudFormation(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const form = new URLSearchParams(body)
    const [status, xml] = answer(form.get('Action') ?? '', form.get('StackName') ?? '')
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
  })
}

function answer(action: string, name: string): [number, string] {
  if (failure !== undefined) return errorAnswer(...failure)
  if (name !== NAME) return errorAnswer(400, 'ValidationError', `Stack with id ${name} does not exist`)
  const result = action === 'GetTemplate' ? templateXml() : stackXml()
  return [200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`]
}

function errorAnswer(status: number, code: string, message: string): [number, string] {
  return [
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ]
}

function stackXml(): string {
  const id = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${NAME}/1`
  const members = (key: string, value: string, map: Record<string, string> = {}) =>
    Object.entries(map)
      .map((entry) => `<member><${key}>${entry[0]}</${key}><${value}>${entry[1]}</${value}></member>`)
      .join('')
  return `<Stacks><member><StackName>${NAME}</StackName><StackId>${id}</StackId><StackStatus>CREATE_COMPLETE</StackStatus>
    <CreationTime>2026-01-01T00:00:00Z</CreationTime>
    <Parameters>${members('ParameterKey', 'ParameterValue', stack.parameters)}</Parameters>
    <Outputs>${members('OutputKey', 'OutputValue', stack.outputs)}</Outputs></member></Stacks>`
}

function templateXml(): string {
  const text = JSON.stringify(stack.template).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<TemplateBody>${text}</TemplateBody>`
}

const target = { 'Fn::GetAtt': ['Orders', 'Arn'] }
const operation = { 'x-target-lambda': target, 'x-lpr': { maxWaitMs: { Ref: 'Wait' }, maxBatchSize: '4' } }

/** A stack whose router serves at `routerUrl`. */
function withRouter(paths: Record<string, unknown>, more: Record<string, unknown> = {}): FakeStack {
  return {
    parameters: { Wait: '25' },
    outputs: { Url: `${routerUrl}/orders`, Topic: 'arn:aws:sns:eu-west-1:123456789012:topic' },
    template: {
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Wait' }, '0'] } },
      Resources: {
        Router: { Type: 'AWS::ECS::ExpressGatewayService' },
        RouterLprConfigPublisher: {
          Type: 'Custom::LprConfigPublisher',
          Properties: { RouterConfig: { TrustedProxyHops: '1' }, Spec: { paths } },
        },
        ...more,
      },
      Outputs: {
        Topic: { Value: { Ref: 'Topic' } },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder.
        Url: { Value: { 'Fn::Sub': 'https://${Router.Endpoint}/orders' } },
      },
    },
  }
}

async function run(...args: string[]) {
  const outcome = { code: -1, stdout: '', stderr: '' }
  const streams = {
    stdout: (text: string) => {
      outcome.stdout += text
    },
    stderr: (text: string) => {
      outcome.stderr += text
    },
  }
  outcome.code = await runCli(['outputs', ...args], streams)
  return outcome
}

test('outputs come as a table, or as an object', async () => {
  stack.outputs = { Url: 'https://shop.example', Table: 'orders' }
  const text = await run('--stack', NAME)
  expect(text).toMatchObject({ code: 0, stderr: '' })
  expect(text.stdout).toBe(
    'shop in eu-west-1: CREATE_COMPLETE\n\nOUTPUT  VALUE\nUrl     https://shop.example\nTable   orders\n',
  )
  const json = await run('--stack', NAME, '-o', 'json')
  expect(JSON.parse(json.stdout)).toEqual({
    stack: NAME,
    region: 'eu-west-1',
    status: 'CREATE_COMPLETE',
    outputs: stack.outputs,
  })
})

test('--smoke sends one request to each route that only reads, parameters and all', async () => {
  const parameters = [{ name: 'q', in: 'query', example: 'x' }]
  stack = withRouter({
    '/orders': { get: { ...operation, parameters }, post: operation },
    '/orders/{id}': { head: operation, delete: operation },
  })
  const { code, stdout } = await run('--stack', NAME, '--smoke', '-o', 'json')
  expect(requests).toEqual(['GET /orders?q=x', 'HEAD /orders/hello'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    stack: NAME,
    routes: [
      { router: 'Router', method: 'GET', path: '/orders', statuses: { 200: 1 }, problems: [] },
      { router: 'Router', method: 'HEAD', path: '/orders/{id}', problems: [] },
    ],
    skipped: [
      'POST /orders: may change something, --unsafe sends it',
      'DELETE /orders/{id}: may change something, --unsafe sends it',
    ],
  })
})

test('--unsafe sends the others too', async () => {
  stack = withRouter({ '/orders': { get: operation, post: operation } })
  expect(await run('--stack', NAME, '--smoke', '--unsafe')).toMatchObject({ code: 0 })
  expect(requests).toEqual(['GET /orders', 'POST /orders'])
})

test('a route that the router cannot serve is a finding, and the table says so', async () => {
  stack = withRouter({ '/orders': { get: operation } })
  respond = (_, response) => response.writeHead(502, { 'x-lpr-error': 'invoke_failed' }).end()
  const { code, stdout } = await run('--stack', NAME, '--smoke')
  expect(code).toBe(1)
  expect(stdout).toMatch(/GET \/orders +buffered +1 +502 .*FAILED/)
  expect(stdout).toContain('GET /orders: the router answered 502 invoke_failed')
})

test('a router whose URL no output tells is named, with what to add', async () => {
  stack = { ...withRouter({ '/orders': { get: operation } }), outputs: {} }
  const { code, stdout } = await run('--stack', NAME, '--smoke')
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /not tried: Router: no output tells its URL, add one: !Sub https:..\$\{Router.ServiceUrl\}/,
  )
})

test('a router that its condition leaves out is left out here', async () => {
  const other = { Type: 'Custom::LprConfigPublisher', Condition: 'Never', Properties: {} }
  stack = withRouter({ '/orders': { get: operation } }, { SpareLprConfigPublisher: other })
  const { code, stdout } = await run('--stack', NAME, '--smoke')
  expect({ code, spare: stdout.includes('Spare') }).toEqual({ code: 0, spare: false })
})

test('a stack without a router has nothing to try', async () => {
  stack = { template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }
  const { code, stderr } = await run('--stack', NAME, '--smoke')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^shop has no router to send requests to\n +remedy: leave --smoke out/)
})

test('a stack that is not there is said with the region that was asked', async () => {
  const { code, stdout, stderr } = await run('--stack', 'shpo', '--region', 'us-east-2')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^there is no stack shpo in us-east-2\n +remedy: check --stack, --region/)
})

test.each([
  [403, 'ExpiredToken', 'The security token is expired', /remedy: set AWS_PROFILE or credentials/],
  [403, 'AccessDenied', 'not authorized', /remedy: cloudformation:DescribeStacks/],
  [400, 'Throttling', 'Rate exceeded', /CloudFormation in eu-west-1: Throttling: Rate exceeded/],
] as const)('an answer of %i %s is explained', async (status, errorCode, message, expected) => {
  failure = [status, errorCode, message]
  const { code, stderr } = await run('--stack', NAME)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
  expect(stderr).toMatch(expected)
  expect(stderr).not.toMatch(/^ +at /m)
})

test('without credentials the remedy says where to get some', async () => {
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
  const { code, stderr } = await run('--stack', NAME)
  expect(code).toBe(1)
  expect(stderr).toMatch(/CredentialsProviderError.*\n +remedy: set AWS_PROFILE or credentials/)
})

test('an endpoint that nobody serves is said to be out of reach', async () => {
  process.env.AWS_ENDPOINT_URL_CLOUDFORMATION = 'http://127.0.0.1:1'
  const { code, stderr } = await run('--stack', NAME)
  expect(code).toBe(1)
  expect(stderr).toMatch(/ECONNREFUSED.*\n +remedy: is the region spelt right, and AWS within reach/)
})

test('without a region the command line is wrong', async () => {
  delete process.env.AWS_REGION
  const { code, stderr } = await run('--stack', NAME)
  expect(code).toBe(2)
  expect(stderr).toMatch(/no region: give --region, set AWS_REGION/)
})

test.each([
  [[], /--stack <name> is missing/],
  [['--stack', ''], /--stack <name> is missing/],
  [['--stack', NAME, '--unsafe'], /--unsafe goes with --smoke/],
  [['--stack', NAME, '-t', 'x'], /lpr outputs has no option --template/],
])('the command line %j is refused with code 2', async (args, message) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
