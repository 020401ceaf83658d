import { type DemoEvent, hello } from './hello.ts'

/** An ordinary handler for one request, as for API Gateway; the adapters make batch handlers of it. */
export async function respond(event: DemoEvent) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await hello(event)),
  }
}
