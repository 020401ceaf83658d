import type { FunctionArn } from '@lpr/contract'
import type { HeaderValues } from '../headers.ts'
import type { PathParameters } from '../target.ts'

/** What every event shape is made from. */
export interface RequestFacts {
  requestId: string
  /** `METHOD /template` of the operation that serves the request. */
  routeKey: string
  /** Path template. */
  resource: string
  method: string
  rawPath: string
  rawQuery: string
  /** `HTTP/1.1` or `HTTP/1.0`. */
  protocol: string
  /** Host the client addressed, port included. */
  host: string
  sourceIp: string
  /** Unix time in ms at which the request arrived. */
  arrivedEpochMs: number
  /** Those that are forwarded. */
  headers: HeaderValues
  /** Headers that the router adds, as fields of JSON; empty if there are none. */
  contextFields: string
  cookies: string[]
  pathParameters: PathParameters
  target: FunctionArn
  body: Buffer | undefined
}
