/** One mistake in a manifest: where it is and what is wrong with it. */
export interface Problem {
  /** Dotted path from the root of the manifest, for example `Spec.paths./orders/{id}.get.x-lpr.maxBatchSize`. */
  path: string
  message: string
}

export interface ValidateOptions {
  /** Accept CloudFormation intrinsics (`{Ref: ...}`, `{'Fn::...': ...}`) wherever a value is not known yet. */
  intrinsics?: boolean
}

export interface ValidationResult {
  /** Empty when the manifest is good. All mistakes at once, in document order. */
  problems: Problem[]
  /** The manifest with numeric strings turned into numbers and defaults filled in; only meaningful without problems. */
  manifest: unknown
}

/** Validates a manifest against the shared schema and the rules that a schema cannot say. Never throws. */
export function validateManifest(_document: unknown, _options: ValidateOptions = {}): ValidationResult {
  throw new Error('under construction')
}

/** `path: message`, one string a problem. */
export function formatProblems(problems: Problem[]): string[] {
  return problems.map(({ path, message }) => `${path}: ${message}`)
}
