/**
 * An adapter as one would write it in a hurry. It answers in the order in which items are done, knows no versions, and
 * takes every return value for a response.
 */
import { scriptHandler } from '@lpr/contract/vectors'

interface Item {
  requestContext: { requestId: string }
}

export async function buffered({ batch }: { batch: Item[] }): Promise<unknown> {
  const responses: unknown[] = []
  await Promise.all(
    batch.map(async (item) => {
      responses.push({ id: item.requestContext.requestId, ...(await answer(item)) })
    }),
  )
  return { v: 1, responses }
}

async function answer(item: Item): Promise<object> {
  try {
    const context = { awsRequestId: item.requestContext.requestId, functionName: 'vectors' }
    return (await scriptHandler(item, context)) as object
  } catch {
    return { statusCode: 500, headers: { 'content-type': 'text/plain' }, body: 'internal error' }
  }
}
