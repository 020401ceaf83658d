/** One function as the local Lambda runs it. */
export interface LocalFunction {
  /** Function name, as in `FunctionName` of the API. */
  name: string
  /** Directory of the code: `LAMBDA_TASK_ROOT` and working directory of the function's processes. */
  codeDir: string
  /** Handler as Lambda writes it, for example `app.handler`. */
  handler: string
  /** Runtime identifier, for example `nodejs24.x`. */
  runtime: string
  /** The function's own environment variables. */
  environment: Record<string, string>
  timeoutMs: number
  /** Reported to the function, not enforced. */
  memoryMb: number
  /** Invocations beyond this many in flight are throttled; 0 throttles all. */
  reservedConcurrency?: number
  /**
   * What the function's layers put under `/opt`, as a directory of this machine. A departure from Lambda: the function
   * finds it in the variable `LPR_OPT_DIR`, and the paths of modules, programs and wrapper that begin with `/opt` lead there.
   */
  optDir?: string
}

/** One line that a function wrote. `requestId` is missing for lines of initialisation. */
export interface LogLine {
  functionName: string
  requestId?: string
  stream: 'stdout' | 'stderr'
  text: string
}

/** Progress of the local Lambda. `environmentId` is also the function's log stream name. */
export type LocalLambdaEvent =
  | { type: 'environment-started'; functionName: string; environmentId: string }
  | { type: 'environment-ready'; functionName: string; environmentId: string; initDurationMs: number }
  | { type: 'environment-ended'; functionName: string; environmentId: string; reason: string }
  | {
      type: 'invocation-started'
      functionName: string
      requestId: string
      environmentId: string
      coldStart: boolean
    }
  | {
      type: 'invocation-ended'
      functionName: string
      requestId: string
      environmentId: string
      durationMs: number
      /** Absent when the function answered; else the type of its error, for example `Sandbox.Timedout`. */
      errorType?: string
    }
  | {
      type: 'invocation-refused'
      functionName: string
      requestId: string
      /** Type of the service error, for example `TooManyRequestsException`. */
      errorType: string
      message: string
    }

/** The command that starts a function's process, before `AWS_LAMBDA_EXEC_WRAPPER` is put in front of it. */
export interface CommandLine {
  command: string
  args: string[]
  /** Variables that the runtime needs beyond those that Lambda sets. */
  environment?: Record<string, string>
}

/** How the functions of one family of runtimes are started: the seam for Python and custom runtimes. */
export interface RuntimeLauncher {
  /** Names of the runtimes, for messages: `nodejs22.x`. */
  readonly runtimes: string
  supports(runtime: string): boolean
  /** Throws when the function has nothing to start; its callers are told why. */
  commandLine(definition: LocalFunction): CommandLine
  /** Whether `AWS_LAMBDA_EXEC_WRAPPER` has no effect. Default false. */
  readonly ignoresWrapper?: boolean
}

/** Options of `LocalLambda.start`. */
export interface LocalLambdaOptions {
  functions: LocalFunction[]
  /** Default `us-east-1`. */
  region?: string
  /** Default `000000000000`. */
  accountId?: string
  /** Default `127.0.0.1`. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /**
   * Processes per function on this machine, default 8. A departure from Lambda, which starts as many as it needs: beyond
   * it an invocation waits for a free environment for as long as the function's timeout, then it is throttled.
   */
  maxEnvironments?: number
  /** The Node.js runtime's bundle; by default the one that was built beside the toolkit. */
  nodeRuntimePath?: string
  /** More runtimes than Node.js, Python, Java and `provided`. The first launcher that supports one starts it; these come first. */
  launchers?: RuntimeLauncher[]
  onLog?: (line: LogLine) => void
  onEvent?: (event: LocalLambdaEvent) => void
}
