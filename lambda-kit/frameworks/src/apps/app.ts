import type { HttpEvent, ItemContext } from 'lpr-lambda-adapter'
import { Rendezvous } from '../rendezvous.ts'

/** What a framework's own adapter for Lambda makes of an app. */
export type LambdaHandler = (event: HttpEvent, context: ItemContext) => unknown

/** Every handler of every app waits here. */
export const rendezvous = new Rendezvous()

export const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte)

/** One value or several, as frameworks give repeated query parameters. */
export function list(values: unknown): unknown[] {
  return Array.isArray(values) ? values : [values]
}
