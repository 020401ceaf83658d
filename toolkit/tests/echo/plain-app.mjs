/** The echo function for Node.js as anybody would write it, see `EchoAnswer`: for the layer. */

export async function handler(event, context) {
  const id = event.pathParameters?.id ?? ''
  const answer = { id, secret: event.headers['x-secret'], body: event.body, requestId: context.awsRequestId }
  await new Promise(setImmediate)
  return { statusCode: 200, headers: { 'x-echo-id': id }, body: JSON.stringify(answer) }
}

export const streaming = awslambda.streamifyResponse(async (event, stream, context) => {
  const { body, ...head } = await handler(event, context)
  const http = awslambda.HttpResponseStream.from(stream, head)
  const middle = body.length / 2
  http.write(body.slice(0, middle))
  await new Promise(setImmediate)
  http.end(body.slice(middle))
})
