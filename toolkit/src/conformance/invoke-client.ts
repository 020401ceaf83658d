import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent,
  LambdaClient,
  type LambdaClientConfig,
} from '@aws-sdk/client-lambda'
import type { InvokeClient } from '@lpr/contract/vectors'
import { quietSdk } from '../quiet-sdk.ts'

/** Where the Invoke API is, as far as the command line says; the SDK finds the rest as it always does. */
export interface InvokePlace {
  endpoint?: string | undefined
  region?: string | undefined
}

/** A client that tries each call once, as the times in a vector run from the moment its event is made. */
export function lambdaClient({ endpoint, region }: InvokePlace): LambdaClient {
  quietSdk()
  const local = endpoint !== undefined && isLoopback(endpoint)
  const config: LambdaClientConfig = { maxAttempts: 1 }
  if (endpoint !== undefined) config.endpoint = endpoint
  if (region !== undefined || local) config.region = region ?? 'us-east-1'
  // Nobody checks these on the way to this machine itself, and without any the SDK refuses to send.
  if (local) config.credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return new LambdaClient(config)
}

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

function isLoopback(endpoint: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(endpoint).hostname)
}
