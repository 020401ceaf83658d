export type {
  CommandLine,
  LocalFunction,
  LocalLambdaEvent,
  LocalLambdaOptions,
  LogLine,
  RuntimeLauncher,
} from './api.ts'
export { LocalLambda } from './local-lambda.ts'
