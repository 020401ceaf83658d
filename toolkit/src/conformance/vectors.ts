import { loadVectors, type Vector } from '@lpr/contract/vectors'

/** All cases, put in by the build: the bundle has no repository around it to read them from. */
declare const __LPR_VECTORS__: Vector[] | undefined

export function vectors(): Vector[] {
  return typeof __LPR_VECTORS__ === 'undefined' ? loadVectors() : __LPR_VECTORS__
}
