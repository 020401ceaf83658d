import { stringify } from 'yaml'
import type { CommandLine, ExitCode } from '../cli.ts'
import type { Output } from '../output.ts'
import { expandTemplate } from '../stack/macro.ts'
import { readStack } from '../stack/stack.ts'
import { stackOptions } from './stack-options.ts'

/** `lpr expand`: the template after the macro and before SAM, as YAML or JSON. */
export async function expand(line: CommandLine, output: Output): Promise<ExitCode> {
  const stack = readStack(stackOptions(line))
  const expanded = await expandTemplate(stack, () => {})
  output.result(expanded, stringify(expanded, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd())
  return 0
}
