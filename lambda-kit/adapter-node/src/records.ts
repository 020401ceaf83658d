import { WIRE_VERSION } from './batch.ts'
import { type EncodedBody, readWhole } from './body.ts'
import type { Answer } from './result.ts'

/** A whole response, in the envelope or, with `v`, as one NDJSON record. */
export interface WholeResponse {
  id: string
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
  body: string
  isBase64Encoded: boolean
}

export async function wholeResponse(id: string, answer: Answer): Promise<WholeResponse> {
  const body = await readWhole(answer.body, answer.isBase64Encoded)
  return { id, ...headFields(answer), ...body }
}

/** What a client gets of a handler that failed; why is in the log. */
export function failedResponse(id: string): WholeResponse {
  return {
    id,
    statusCode: 500,
    headers: { 'content-type': 'text/plain' },
    body: 'internal error',
    isBase64Encoded: false,
  }
}

/** One NDJSON line. */
export function line(record: object): string {
  return `${JSON.stringify({ v: WIRE_VERSION, ...record })}\n`
}

export function headRecord(id: string, answer: Answer): object {
  return { id, type: 'head', ...headFields(answer) }
}

export function chunkRecord(id: string, chunk: EncodedBody): object {
  return { id, type: 'chunk', ...chunk }
}

export function endRecord(id: string): object {
  return { id, type: 'end' }
}

export function errorRecord(id: string, message: string): object {
  return { id, type: 'error', statusCode: 500, message }
}

function headFields({ statusCode, headers, multiValueHeaders, cookies }: Answer) {
  return {
    statusCode,
    headers,
    ...(multiValueHeaders === undefined ? {} : { multiValueHeaders }),
    ...(cookies.length === 0 ? {} : { cookies }),
  }
}
