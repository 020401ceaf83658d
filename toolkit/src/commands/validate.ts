import { formatProblems, validateManifest } from '@lpr/contract'
import type { CommandLine, ExitCode } from '../cli.ts'
import { type Finding, FindingsError, findingsOf, throwFindings, UsageError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Output } from '../output.ts'
import { lintExpansion } from '../stack/cfn-lint.ts'
import { expandTemplate } from '../stack/macro.ts'
import { findingFrom } from '../stack/remedies.ts'
import { readStack, resolveFunctions, type Stack } from '../stack/stack.ts'
import { readDocument } from '../template/read.ts'
import { stackOptions } from './stack-options.ts'

/** `lpr validate`: every mistake in a template, or in a config manifest, each with its place. */
export async function validate(line: CommandLine, output: Output): Promise<ExitCode> {
  if ((line.template === undefined) === (line.config === undefined)) {
    throw new UsageError('lpr validate needs either -t <template> or --config <manifest>')
  }
  if (line.config !== undefined) validateConfig(line.config)
  else await validateTemplate(line, output)
  output.result({ ok: true, findings: [] }, `${line.config ?? line.template} is valid`)
  return 0
}

function validateConfig(file: string): void {
  const document = readDocument(file)
  const { problems } = validateManifest(document.body)
  const messages = formatProblems(problems)
  throwFindings(messages.map((message) => findingFrom(message, document.places.locateText(message))))
}

async function validateTemplate(line: CommandLine, output: Output): Promise<void> {
  const stack = readStack(stackOptions(line))
  const findings: Finding[] = []
  resolveFunctions(stack, findings)
  try {
    const expanded = await expandTemplate(stack, () => {})
    findings.push(...(await lint(stack, expanded, output)))
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error
    findings.push(...findingsOf(error))
  }
  throwFindings(findings)
}

async function lint(stack: Stack, expanded: JsonObject, output: Output): Promise<Finding[]> {
  const findings = await lintExpansion(stack, expanded)
  if (findings === undefined)
    output.say(
      'cfn-lint is not installed (pip install cfn-lint), so what the macro makes was not checked with it',
    )
  return findings ?? []
}
