import { invokeTarget, MODES, type Mode, type Target } from '@lpr/contract/vectors'
import type { CommandLine, ExitCode } from '../cli.ts'
import { runCases } from '../conformance/cases.ts'
import { lambdaClient, sdkClient } from '../conformance/invoke-client.ts'
import { startLocalFunctions } from '../conformance/local-functions.ts'
import { type ConformancePlan, planOf } from '../conformance/plan.ts'
import { caseText, reportOf, summaryText } from '../conformance/report.ts'
import { vectors } from '../conformance/vectors.ts'
import { untilSignal } from '../dev/signals.ts'
import { fail } from '../errors.ts'
import type { Output } from '../output.ts'

/** `lpr conformance`: sends the vectors to a function and says, case by case, whether it answers as the contract says. */
export async function conformance(line: CommandLine, output: Output): Promise<ExitCode> {
  const plan = planOf(line, process.env)
  const { target, stop } = await startTarget(plan, line.verbose === true, output)
  const signals = untilSignal(stop)
  try {
    const modes = MODES.filter((mode) => plan.subjects[mode] !== undefined)
    const cases = await runCases(vectors(), modes, target, (report) => output.line(caseText(report)))
    const report = reportOf(plan.subjects, cases)
    output.result(report, summaryText(report))
    return report.ok ? 0 : 1
  } catch (error) {
    throw signals.signal.aborted ? fail('stopped by a signal') : error
  } finally {
    await stop()
    signals.dispose()
  }
}

interface Started {
  target: Target
  stop(): Promise<void>
}

function startTarget(plan: ConformancePlan, verbose: boolean, output: Output): Promise<Started> {
  if (plan.kind === 'function') return Promise.resolve(deployedFunctions(plan))
  return startLocalFunctions(plan, ({ functionName, text }) => {
    if (verbose) output.say(`${functionName}: ${text}`)
  })
}

function deployedFunctions({ subjects, features, ...place }: ConformancePlan): Started {
  const client = lambdaClient(place)
  const target = invokeTarget(features, subjects, sdkClient(client))
  return {
    target: {
      features,
      invoke: (event, mode, run) =>
        target.invoke(event, mode, run).catch((error: unknown) => {
          throw cannotInvoke(subjects[mode], mode, error)
        }),
    },
    async stop() {
      client.destroy()
    },
  }
}

function cannotInvoke(name: string | undefined, mode: Mode, error: unknown): Error {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return fail(`cannot invoke ${name} (${mode}): ${message}`, {
    remedy: 'check the name, the region, the credentials and --endpoint',
  })
}
