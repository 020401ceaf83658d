import type { CommandLine } from '../cli.ts'
import { UsageError } from '../errors.ts'
import { parseOverrides } from '../stack/parameters.ts'
import type { StackOptions } from '../stack/stack.ts'

/** The stack that a command line names. Throws a UsageError if it names none. */
export function stackOptions(line: CommandLine): StackOptions {
  if (line.template === undefined) throw new UsageError('-t <template> is missing')
  return {
    templateFile: line.template,
    stackName: line['stack-name'] ?? 'lpr-dev',
    region: line.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    overrides: parseOverrides(line.parameter ?? []),
  }
}

/** A port number; 0 means any free one. Throws a UsageError. */
export function portOption(text: string | undefined, option: string, otherwise: number): number {
  if (text === undefined) return otherwise
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new UsageError(`${option} expects a port from 0 to 65535, got ${JSON.stringify(text)}`)
}
