import { invokeTarget, type Mode, type Target } from '@lpr/contract/vectors'
import type { LocalFunction, LogLine, RuntimeLauncher } from '../local-lambda/index.ts'
import { LocalLambda } from '../local-lambda/index.ts'
import { lambdaClient, sdkClient } from './invoke-client.ts'
import type { ConformancePlan } from './plan.ts'

const RUNTIME = 'provided.al2023'

/** The longest vectors need this much. */
const TIMEOUT_MS = 30_000

/** Functions on this machine, each started by a command that speaks the Runtime API. */
export interface LocalFunctions {
  target: Target
  stop(): Promise<void>
}

/** One function per mode; its command sees the mode as `_HANDLER`. */
export async function startLocalFunctions(
  { subjects, features }: ConformancePlan,
  onLog: (line: LogLine) => void,
): Promise<LocalFunctions> {
  const modes = Object.keys(subjects) as Mode[]
  const lambda = await LocalLambda.start({
    functions: modes.map(definition),
    launchers: [shellLauncher(subjects)],
    maxEnvironments: 1,
    onLog,
  })
  const client = lambdaClient({ endpoint: lambda.url })
  const names = Object.fromEntries(modes.map((mode) => [mode, mode]))
  return {
    target: invokeTarget(features, names, sdkClient(client)),
    async stop() {
      client.destroy()
      await lambda.stop()
    },
  }
}

function definition(mode: Mode): LocalFunction {
  return {
    name: mode,
    codeDir: process.cwd(),
    handler: mode,
    runtime: RUNTIME,
    environment: {},
    timeoutMs: TIMEOUT_MS,
    memoryMb: 512,
  }
}

function shellLauncher(subjects: ConformancePlan['subjects']): RuntimeLauncher {
  return {
    runtimes: RUNTIME,
    supports: (runtime) => runtime === RUNTIME,
    commandLine: ({ name }) => ({
      command: '/bin/sh',
      args: ['-c', subjects[name as Mode] ?? ''],
      environment: ownEnvironment(),
    }),
  }
}

/** Unlike a function to be deployed, a command from a terminal may need all that the terminal has; not its AWS account. */
function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']))
}
