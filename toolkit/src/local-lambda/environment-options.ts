import type { CommandLine, LocalFunction, LocalLambdaEvent, LogLine } from './api.ts'
import type { Environment } from './environment.ts'

export interface EnvironmentOptions {
  definition: LocalFunction
  /** Throws when there is nothing to start. */
  commandLine: () => CommandLine
  region: string
  hooks: EnvironmentHooks
}

/** What an environment tells its pool. */
export interface EnvironmentHooks {
  /** It can take an invocation. */
  onIdle(environment: Environment): void
  /** It was idle and no longer is, though it has got no invocation: its process is about to end. */
  onAway(environment: Environment): void
  onEnded(environment: Environment): void
  onLog(line: LogLine): void
  onEvent(event: LocalLambdaEvent): void
}

/** Events of environments, less what every one of them says. */
export type EnvironmentEvent = LocalLambdaEvent extends infer Event
  ? Event extends { environmentId: string }
    ? Omit<Event, 'functionName' | 'environmentId'>
    : never
  : never
