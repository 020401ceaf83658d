import { jest } from '@jest/globals'
import fc from 'fast-check'
import { handler, type MacroAnswer, type MacroEvent } from './app.ts'

const ROUTER = 'Lpr::Router::Service'
const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/router:1'

const printed: unknown[][] = []
beforeEach(() => {
  process.env.LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER = IMAGE
  printed.length = 0
  for (const method of ['log', 'error'] as const)
    jest.spyOn(console, method).mockImplementation((...line) => void printed.push(line))
})
afterEach(() => {
  delete process.env.LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER
  delete process.env.LPR_DEFAULT_COMPUTE_PLATFORM
  jest.restoreAllMocks()
})

function expand(properties: unknown, rest: Partial<MacroEvent> = {}): Promise<MacroAnswer> {
  const fragment = { Resources: { Router: { Type: ROUTER, Properties: properties } } }
  return handler({ requestId: 'r-1', fragment, ...rest })
}

const GOOD = { RouterConfig: {}, Spec: { paths: {} } }

test('the request id comes back with the answer, good or bad', async () => {
  expect(await expand(GOOD)).toMatchObject({ requestId: 'r-1', status: 'success' })
  expect(await expand({})).toMatchObject({ requestId: 'r-1', status: 'failed' })
})

test('a template with mistakes comes back as it was, with the message', async () => {
  const fragment = { Resources: { Router: { Type: ROUTER, Properties: {} } } }
  const answer = await handler({ requestId: 'r-1', fragment })
  expect(answer.fragment).toBe(fragment)
  expect(answer.errorMessage).toMatch(/^Router\.Properties\.RouterConfig: /)
})

test.each([undefined, null, {}, { requestId: 'r', fragment: 'text' }, { fragment: [] }])(
  'an event that is no macro call (%j) gets an answer, not an exception',
  async (event) => {
    expect(await handler(event as MacroEvent)).toMatchObject({ status: 'failed' })
  },
)

test('a fault of the macro itself is answered, and its log quotes nothing of the template', async () => {
  const Properties = {}
  Object.defineProperty(Properties, 'Spec', {
    enumerable: true,
    get: () => {
      throw new Error('hunter2')
    },
  })
  const answer = await expand(Properties)
  expect(answer).toMatchObject({
    status: 'failed',
    errorMessage: expect.stringContaining('fault of its own'),
  })
  expect(JSON.stringify(printed)).toContain('app.test.ts')
  expect(JSON.stringify(printed)).not.toContain('hunter2')
})

test('nothing of the template or of the parameters is logged', async () => {
  const secret = { RouterConfig: 'hunter2', Environment: { A: 'hunter2' }, Port: 'hunter2' }
  await expand(secret, { templateParameterValues: { Password: 'hunter2' } })
  await expand({ ...GOOD, Environment: { A: 'hunter2' } })
  expect(printed).toHaveLength(2)
  expect(JSON.stringify(printed)).not.toContain('hunter2')
})

test('a hidden parameter does not get into a message', async () => {
  const fragment = {
    Parameters: { Password: { Type: 'String', NoEcho: true } },
    Resources: { Router: { Type: ROUTER, Properties: { ...GOOD, Port: { Ref: 'Password' }, Prt: 1 } } },
  }
  const answer = await handler({ requestId: 'r', fragment, templateParameterValues: { Password: 'hunter2' } })
  expect(answer.errorMessage).toBe('Router.Properties.Prt: unknown key, did you mean Port?')
})

test('list parameters come as a list or as one string', async () => {
  const fragment = {
    Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } },
    Resources: {
      Router: {
        Type: ROUTER,
        Properties: {
          ...GOOD,
          ComputePlatform: 'ECS_EXPRESS',
          NetworkConfiguration: { Subnets: { Ref: 'Subnets' } },
        },
      },
    },
  }
  for (const Subnets of [['subnet-1', 'subnet-2'], 'subnet-1,subnet-2'])
    expect(await handler({ requestId: 'r', fragment, templateParameterValues: { Subnets } })).toMatchObject({
      status: 'success',
    })
})

test('the platform defaults to App Runner where the bootstrap stack says nothing', async () => {
  const answer = await expand(GOOD)
  expect(answer.fragment).toMatchObject({ Resources: { Router: { Type: 'AWS::AppRunner::Service' } } })
})

const json = fc.jsonValue({ maxDepth: 3 })
const intrinsic = fc.oneof(
  fc.constant({ Ref: 'AWS::NoValue' }),
  fc.constant({ Ref: 'P' }),
  fc.record({ 'Fn::Sub': json }),
  fc.record({ 'Fn::GetAtt': json }),
  fc.tuple(fc.constant('C'), json, json).map((parts) => ({ 'Fn::If': parts })),
)
const value = fc.oneof(json, intrinsic)
const NAMES = [
  ...['RouterConfig', 'Spec', 'ComputePlatform', 'ImageIdentifier', 'ServiceName', 'Port', 'Environment'],
  ...[
    'EnvironmentSecrets',
    'AutoDeploymentsEnabled',
    'ConfigPrefix',
    'InstanceRoleArn',
    'InstanceConfiguration',
  ],
  ...['AutoScalingConfiguration', 'AutoScalingConfigurationArn', 'Scaling', 'ObservabilityConfiguration'],
  ...['NetworkConfiguration', 'HealthCheckConfiguration', 'EncryptionConfiguration', 'Tags', 'Bogus'],
]
const INNER = [
  'Cpu',
  'Memory',
  'Vendor',
  'OpentelemetryConfiguration',
  'MinInstances',
  'MaxConcurrency',
  'Path',
  'paths',
]
const section = fc.oneof(
  value,
  fc.dictionary(fc.constantFrom(...INNER), fc.oneof(value, fc.dictionary(fc.string(), value))),
)

test('whatever the properties hold, the macro answers, and never by a fault of its own', async () => {
  const properties = fc.dictionary(fc.constantFrom(...NAMES), section)
  await fc.assert(
    fc.asyncProperty(properties, fc.constantFrom('APP_RUNNER', 'ECS_EXPRESS'), async (given, platform) => {
      process.env.LPR_DEFAULT_COMPUTE_PLATFORM = platform
      const answer = await expand(JSON.parse(JSON.stringify({ ...GOOD, ...given })))
      expect(answer.errorMessage ?? '').not.toContain('fault of its own')
    }),
    { numRuns: 300 },
  )
})
