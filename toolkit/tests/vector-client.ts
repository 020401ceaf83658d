import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import type { InvokeClient } from '@lpr/contract/vectors'

/** The Invoke API for the vectors, by the AWS SDK. */
export function sdkClient(lambda: LambdaClient): InvokeClient {
  return {
    async invoke(FunctionName, Payload) {
      const output = await lambda.send(new InvokeCommand({ FunctionName, Payload }))
      const payload = output.Payload?.transformToString() ?? ''
      return { payload, failed: output.FunctionError !== undefined }
    },
    async invokeWithResponseStream(FunctionName, Payload) {
      const output = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload }))
      return readStream(output.EventStream ?? [])
    },
  }
}

async function readStream(
  events: AsyncIterable<InvokeWithResponseStreamResponseEvent> | Iterable<never>,
): Promise<{ text: string; error?: string | undefined }> {
  const chunks: Uint8Array[] = []
  let error: string | undefined = 'the stream ended without InvokeComplete'
  for await (const { PayloadChunk, InvokeComplete } of events) {
    if (PayloadChunk?.Payload) chunks.push(PayloadChunk.Payload)
    if (InvokeComplete)
      error = InvokeComplete.ErrorCode && `${InvokeComplete.ErrorCode} ${InvokeComplete.ErrorDetails}`
  }
  return { text: Buffer.concat(chunks).toString('utf8'), error }
}
