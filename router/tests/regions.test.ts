import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseFunctionArn } from '@lpr/contract'
import { createLambdaInvoker } from '../src/index.ts'

test('a function is called in the region of its ARN, whatever AwsRegion says', async () => {
  const scopes: string[] = []
  const server = createServer((request, response) => {
    scopes.push(/Credential=[^,]+/.exec(request.headers.authorization ?? '')?.[0].split('/')[2] ?? '')
    request.resume().on('end', () => response.end('null'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = { ...process.env }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
  })
  const invoker = createLambdaInvoker(2)
  try {
    for (const region of ['eu-central-1', 'ap-southeast-2']) {
      const target = parseFunctionArn(`arn:aws:lambda:${region}:123456789012:function:f`)
      if (target === undefined) throw new Error('bad ARN')
      await invoker.invoke({
        target,
        mode: 'buffered',
        payload: Buffer.from('{}'),
        tenantId: undefined,
      }).answer
    }
  } finally {
    invoker.close()
    server.close()
    process.env = before
  }
  expect(scopes).toEqual(['eu-central-1', 'ap-southeast-2'])
})
