import type { KeyDimension } from '@lpr/contract'
import { parseQuery } from './event/query.ts'
import { type HeaderValues, splitCookies } from './headers.ts'
import type { PathParameters } from './target.ts'

/** Where batch key dimensions are read from: the request as it came, before any header is filtered. */
export interface KeySource {
  headers: HeaderValues
  rawQuery: string
  pathParameters: PathParameters
  sourceIp: string
}

/** The values of a request's key dimensions as one string. Injective: missing, empty and repeated all differ. */
export function batchKey(dimensions: KeyDimension[], source: KeySource): string {
  if (dimensions.length === 0) return ''
  return JSON.stringify(dimensions.map((dimension) => valuesOf(dimension, source) ?? null))
}

/** All values of one dimension; undefined when the request has none. */
export function valuesOf({ kind, name }: KeyDimension, source: KeySource): string[] | undefined {
  switch (kind) {
    case 'header':
      return source.headers.get(name)
    case 'query':
      return parseQuery(source.rawQuery).get(name)
    case 'path':
      return source.pathParameters.find(([parameter]) => parameter === name)?.slice(1)
    case 'cookie': {
      const values = splitCookies(source.headers).filter((cookie) => cookie.split('=', 1)[0] === name)
      return values.length === 0 ? undefined : values.map((cookie) => cookie.slice(name.length + 1))
    }
    case 'sourceIp':
      return [source.sourceIp]
  }
}
