import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation'
import { Moto } from '@lpr/test-kit/python'
import { runCli } from '../cli.ts'

const environment = { ...process.env }
let moto: Moto

beforeAll(async () => {
  moto = await Moto.start()
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: moto.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  })
})
afterAll(async () => {
  process.env = environment
  await moto.stop()
})

async function createStack(name: string, template: unknown, parameters: Record<string, string> = {}) {
  const client = new CloudFormationClient({})
  const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }))
  const TemplateBody = JSON.stringify(template)
  await client.send(new CreateStackCommand({ StackName: name, TemplateBody, Parameters }))
  client.destroy()
}

async function run(...args: string[]) {
  const outcome = { code: -1, stdout: '', stderr: '' }
  outcome.code = await runCli(['outputs', ...args], {
    stdout: (text) => {
      outcome.stdout += text
    },
    stderr: (text) => {
      outcome.stderr += text
    },
  })
  return outcome
}

test('outputs are read through the real protocol, exports and descriptions too', async () => {
  await createStack(
    'shop',
    {
      Parameters: { Name: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
      Outputs: {
        Name: { Value: { Ref: 'Name' }, Description: 'As given', Export: { Name: 'ShopName' } },
        Url: { Value: { 'Fn::Join': ['/', ['https://shop.example', { Ref: 'Name' }]] } },
      },
    },
    { Name: 'orders' },
  )
  const { code, stdout } = await run('--stack', 'shop')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^shop in eu-west-1: CREATE_COMPLETE\n/)
  expect(stdout).toMatch(/^Name +orders +exported as ShopName As given$/m)
  expect(stdout).toMatch(/^Url +https:\/\/shop.example\/orders$/m)
  const json = await run('--stack', 'shop', '-o', 'json')
  expect(JSON.parse(json.stdout).outputs).toEqual({ Name: 'orders', Url: 'https://shop.example/orders' })
})

test('--smoke reads the processed template', async () => {
  await createStack('plain', { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } })
  const { code, stderr } = await run('--stack', 'plain', '--smoke')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^plain has no router to send requests to/)
})

test('a stack that is not there is said to be missing', async () => {
  const { code, stderr } = await run('--stack', 'nothing')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^there is no stack nothing in eu-west-1/)
})
