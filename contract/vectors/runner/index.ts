export { type Run, runOf, scriptHandler } from '../handlers/script-handler.ts'
export { type InvokeClient, invokeTarget } from './invoke-target.ts'
export { bufferedOutcome, type Outcome, streamOutcome } from './outcome.ts'
export { idOf, prepareEvent, readSetup, type Setup } from './prepare.ts'
export { type VectorResult, VectorResults } from './results.ts'
export { applies, missingFeatures, runVector, type Target } from './run.ts'
export {
  type Expected,
  FEATURES,
  type Feature,
  type Inside,
  loadVectors,
  MODES,
  type Mode,
  type Report,
  type Vector,
} from './vector.ts'
