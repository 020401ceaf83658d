export type {
  CommandLine,
  LocalFunction,
  LocalLambdaEvent,
  LocalLambdaOptions,
  LogLine,
  RuntimeLauncher,
} from './api.ts'
export { customLauncher, nodeLauncher } from './launcher.ts'
export { LocalLambda } from './local-lambda.ts'
