import { isIntrinsic, show } from '@lpr/contract'
import { branches, mapBranches } from './intrinsics.ts'
import type { Report } from './problems.ts'
import type { Defaults, Router } from './router.ts'
import type { Scope } from './scope.ts'
import type { JsonObject } from './template.ts'

export type ImageSource = 'ECR' | 'ECR_PUBLIC'

const PRIVATE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/\S+$/
const PUBLIC = 'public.ecr.aws/'

/** The router's image, with the bootstrap's default wherever none is given. */
export function imageIdentifier({ properties, scope, defaults }: Router): unknown {
  return mapBranches(properties.ImageIdentifier, (leaf) => {
    const value = scope.resolve(leaf)
    if (isBlank(value)) return defaults.imageIdentifier
    return typeof leaf === 'string' ? leaf.trim() : leaf
  })
}

/** Where App Runner has to look for an image. What is not known is taken for a private one, as most are. */
export function imageSource(image: unknown, scope: Scope): ImageSource {
  return scope.prefix(image).text.trim().startsWith(PUBLIC) ? 'ECR_PUBLIC' : 'ECR'
}

/** Whether any branch of an image needs credentials for private ECR. */
export function needsEcrAccess(image: unknown, scope: Scope): boolean {
  return branches(image).some((leaf) => imageSource(leaf, scope) === 'ECR')
}

/**
 * Whether App Runner should deploy when the image changes: only where a tag can move. A pinned tag cannot, and an
 * automatic deployment beside a stack update makes the update fail. App Runner does not watch public images.
 */
export function followsImage(image: unknown, scope: Scope): boolean {
  if (imageSource(image, scope) === 'ECR_PUBLIC') return false
  const name = scope.resolve(image)
  if (typeof name !== 'string') return true
  return !name.includes('@') && (/:latest$/.test(name) || !/:[^/]+$/.test(name))
}

/** Reports a missing image. */
export function checkImageGiven(view: JsonObject, defaults: Defaults, report: Report): void {
  if (!isBlank(view.ImageIdentifier) || defaults.imageIdentifier !== '') return
  report('ImageIdentifier', 'is required, because the bootstrap stack has no default image')
}

/** Reports images that App Runner cannot pull. */
export function checkAppRunnerImage(view: JsonObject, report: Report): void {
  const image = view.ImageIdentifier
  if (isBlank(image) || isIntrinsic(image) || typeof image !== 'string') return
  const name = image.trim()
  if (PRIVATE.test(name) || name.startsWith(PUBLIC)) return
  report('ImageIdentifier', `must be in Amazon ECR or on public.ecr.aws for App Runner, got ${show(name)}`)
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
