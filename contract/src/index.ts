export {
  formatProblems,
  type Problem,
  type ValidateOptions,
  type ValidationResult,
  validateManifest,
} from './validate.ts'
export { VERSION } from './version.ts'
export * from './wire.ts'
