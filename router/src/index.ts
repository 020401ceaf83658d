export { type Clock, systemClock, type Timer } from './clock.ts'
export { ConfigError, type LoadedConfig, loadConfig } from './config/load.ts'
export { ERROR_KINDS, type ErrorCode, type Fault, RouterError } from './errors.ts'
export {
  type InvokeCall,
  InvokeError,
  type InvokeFailure,
  type InvokeRequest,
  type Invoker,
} from './invoke/invoker.ts'
export { createLambdaInvoker } from './invoke/lambda.ts'
export { Router, type RouterFigures, type RouterParts } from './router.ts'
export { Telemetry } from './telemetry/events.ts'
