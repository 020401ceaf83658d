/** Invokes a function of the local Lambda with an event and reads its whole answer. */
export async function invokeFunction(
  endpoint: string,
  functionName: string,
  event: unknown,
): Promise<{ payload: unknown; failed: boolean }> {
  const url = `${endpoint}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) })
  const text = await response.text()
  const failed = !response.ok || response.headers.has('x-amz-function-error')
  return { payload: text === '' ? undefined : JSON.parse(text), failed }
}
