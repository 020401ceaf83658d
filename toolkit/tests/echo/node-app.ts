/** The echo function for Node.js, see `EchoAnswer`: one handler for each mode. */
import { batchAdapter, batchAdapterStream, type HttpEvent, type ItemContext } from 'lpr-lambda-adapter'

export const buffered = batchAdapter(echo)
export const stream = batchAdapterStream(echoInPieces)
export const interleaved = batchAdapterStream(echoInPieces, { interleaved: true })

function echo(event: HttpEvent, context: ItemContext) {
  const id = event.pathParameters?.id ?? ''
  const answer = { id, secret: event.headers['x-secret'], body: event.body, requestId: context.awsRequestId }
  return { statusCode: 200, headers: { 'x-echo-id': id }, body: JSON.stringify(answer) }
}

function echoInPieces(event: HttpEvent, context: ItemContext) {
  const { body, ...head } = echo(event, context)
  return { ...head, body: pieces(body) }
}

async function* pieces(text: string) {
  const middle = text.length / 2
  yield text.slice(0, middle)
  await new Promise(setImmediate)
  yield text.slice(middle)
}
