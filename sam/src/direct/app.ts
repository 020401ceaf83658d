import { type DemoEvent, hello } from '../lib/hello.ts'

/** The baseline: one request, one invocation, behind a Function URL. */
export const handler = async (event: DemoEvent) => {
  const { id, greeting: _greeting, pathParameters: _pathParameters, ...answer } = await hello(event)
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...answer, requestId: id }),
  }
}
