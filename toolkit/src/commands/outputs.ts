import type { CommandLine, ExitCode } from '../cli.ts'
import { deployedRouters } from '../deployed/routers.ts'
import { type SmokeResult, smoke } from '../deployed/smoke.ts'
import { type DeployedStack, DeployedStacks, type StackOutput } from '../deployed/stack.ts'
import { fail, UsageError } from '../errors.ts'
import { reportText } from '../once/report.ts'
import { type Output, textTable } from '../output.ts'

/** `lpr outputs`: a deployed stack's outputs, and with `--smoke` whether its routers answer. */
export async function outputs(line: CommandLine, output: Output): Promise<ExitCode> {
  const { stack: name, smoke: wantsSmoke = false, unsafe = false } = line
  if (name === undefined || name.trim() === '') throw new UsageError('--stack <name> is missing')
  if (unsafe && !wantsSmoke) throw new UsageError('--unsafe goes with --smoke')
  const stacks = new DeployedStacks(line.region)
  try {
    const stack = await stacks.read(name)
    if (!wantsSmoke) {
      output.result(resultOf(stack), stackText(stack))
      return 0
    }
    output.line(stackText(stack))
    const routers = deployedRouters(stack, await stacks.template(stack))
    if (routers.length === 0)
      throw fail(`${stack.name} has no router to send requests to`, { remedy: 'leave --smoke out' })
    const result = await smoke(routers, { unsafe, onProgress: (text) => output.say(text) })
    const ok = result.routes.length > 0 && result.routes.every(({ problems }) => problems.length === 0)
    output.result({ ok, ...resultOf(stack), ...result }, smokeText(result))
    return ok ? 0 : 1
  } finally {
    stacks.close()
  }
}

function resultOf({ name, region, status, outputs: list }: DeployedStack) {
  return {
    stack: name,
    region,
    status,
    outputs: Object.fromEntries(list.map(({ name, value }) => [name, value])),
  }
}

function stackText({ name, region, status, outputs: list }: DeployedStack): string {
  const table = list.length === 0 ? 'no outputs' : textTable(['OUTPUT', 'VALUE', ''], list.map(row))
  return `${name} in ${region}: ${status}\n\n${table}`
}

function row({ name, value, exportName, description = '' }: StackOutput): string[] {
  return [
    name,
    value,
    exportName === undefined ? description : `exported as ${exportName} ${description}`.trim(),
  ]
}

function smokeText({ routes, skipped }: SmokeResult): string {
  const table = routes.length === 0 ? 'no request was sent' : reportText(routes)
  return ['', table, ...skipped.map((text) => `not tried: ${text}`)].join('\n')
}
