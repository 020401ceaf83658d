export type {
  CommandLine,
  LocalFunction,
  LocalLambdaEvent,
  LocalLambdaOptions,
  LogLine,
  RuntimeLauncher,
} from './api.ts'
export { javaLauncher } from './java-launcher.ts'
export { customLauncher, nodeLauncher, whyNotStarted } from './launcher.ts'
export { LocalLambda } from './local-lambda.ts'
export { pythonLauncher } from './python-launcher.ts'
