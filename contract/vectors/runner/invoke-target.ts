import { bufferedOutcome, type Outcome, parseJson, streamOutcome } from './outcome.ts'
import type { Target } from './run.ts'
import { type Feature, isFields, type Mode } from './vector.ts'

/** The two operations of the Invoke API, in whatever way they are called. Payloads are JSON. */
export interface InvokeClient {
  /** `Invoke`, awaiting the answer; `failed` if the API said that the function did. */
  invoke(functionName: string, payload: string): Promise<{ payload: string; failed: boolean }>
  /** `InvokeWithResponseStream`, read to its end; `error` if that was not a good one. */
  invokeWithResponseStream(
    functionName: string,
    payload: string,
  ): Promise<{ text: string; error?: string | undefined }>
}

/** A function behind the Invoke API: one name per mode, as streaming is a matter of the handler. */
export function invokeTarget(
  features: readonly Feature[],
  functionNames: Partial<Record<Mode, string>>,
  client: InvokeClient,
): Target {
  return {
    features,
    async invoke(event, mode) {
      const name = functionNames[mode]
      if (name === undefined) throw new Error(`expected a function for the mode ${mode}, got none`)
      const payload = JSON.stringify(event)
      return mode === 'buffered' ? invoke(client, name, payload) : stream(client, name, payload)
    },
  }
}

async function invoke(client: InvokeClient, name: string, payload: string): Promise<Outcome> {
  const answer = await client.invoke(name, payload)
  return answer.failed ? { error: errorMessage(answer.payload) } : bufferedOutcome(answer.payload)
}

async function stream(client: InvokeClient, name: string, payload: string): Promise<Outcome> {
  const { text, error } = await client.invokeWithResponseStream(name, payload)
  return error === undefined ? streamOutcome(text) : { error }
}

/** What the function said of its error: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
function errorMessage(payload: string): string {
  const error = parseJson(payload)
  return isFields(error) ? String(error.errorMessage) : payload
}
