import { runPython } from './python.ts'

type Template = Record<string, unknown>

/** One template on its way through the SAM transform. */
export interface Untranslated {
  template: Template
  parameters?: Record<string, string>
}

/** Runs the real SAM transform. Throws with every message of every template that it refuses. */
export async function translateSam<Name extends string>(
  templates: Record<Name, Untranslated>,
  region: string,
): Promise<Record<Name, Template>> {
  const answers = (await runPython('sam_translate.py', { region, templates })) as Record<
    Name,
    { template: Template } | { errors: string[] }
  >
  const entries = Object.entries<{ template: Template } | { errors: string[] }>(answers)
  const refused = entries.flatMap(([name, answer]) =>
    'errors' in answer ? answer.errors.map((message) => `${name}: ${message}`) : [],
  )
  if (refused.length > 0) throw new Error(`the SAM transform refused\n${refused.join('\n')}`)
  const translated = entries.map(([name, answer]) => [name, 'template' in answer ? answer.template : {}])
  return Object.fromEntries(translated) as Record<Name, Template>
}

/** One template for cfn-lint: in these regions, or in all that offer these types. */
export type Unlinted = { template: Template } & ({ regions: string[] } | { offering: string[] })

export interface LintError {
  /** Such as `E3006`. */
  rule: string
  message: string
  /** Where in the template, steps separated by slashes. */
  path: string
}

/** What cfn-lint says about templates, warnings aside, and for which regions it was asked. */
export async function lintTemplates<Name extends string>(
  templates: Record<Name, Unlinted>,
): Promise<Record<Name, { regions: string[]; errors: LintError[] }>> {
  return (await runPython('cfn_lint.py', { templates })) as Record<
    Name,
    { regions: string[]; errors: LintError[] }
  >
}
