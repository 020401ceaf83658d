export { type ListenAddress, parseListenAddress } from './address.ts'
export { type FunctionArn, parseFunctionArn } from './arn.ts'
export { isHeaderName, type KeyDimension, parseKeyDimension } from './batch-key.ts'
export type {
  AdaptiveWait,
  BatchSettings,
  DynamicWait,
  Manifest,
  Operation,
  Retry,
} from './generated/manifest-types.ts'
export { isIntrinsic, isObject } from './json.ts'
export { type PathTemplate, parsePathTemplate, type Segment } from './path-template.ts'
export { formatProblems, type Problem, show, suggest, unknownKey } from './problems.ts'
export { HEALTH_PATHS, METHODS, type Method } from './rules.ts'
export { type ValidateOptions, type ValidationResult, validateManifest } from './validate.ts'
export { VERSION } from './version.ts'
export {
  type BatchEvent,
  type BatchMeta,
  type BufferedEnvelope,
  type BufferedResponse,
  type FlushReason,
  type InterleavedRecord,
  type OneRecord,
  type ResponseFields,
  ROUTER_NAME,
  WIRE_VERSION,
} from './wire.ts'
