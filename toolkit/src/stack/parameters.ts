import { suggest } from '@lpr/contract'
import { type Finding, throwFindings, UsageError } from '../errors.ts'
import { entriesOf, type JsonObject, objectOrEmpty } from '../json.ts'
import type { SourceDocument } from '../template/read.ts'

/** Splits `Name=Value` texts of the command line. Throws a UsageError for any other text. */
export function parseOverrides(texts: string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const equals = text.indexOf('=')
      if (equals < 1) throw new UsageError(`--parameter expects Name=Value, got ${JSON.stringify(text)}`)
      return [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )
}

/**
 * Values of the template's parameters: the override, else the default. A parameter with neither has no value here, which
 * is an error only where it is used. Throws for an override of an unknown parameter and for a value that is not allowed.
 */
export function parameterValues(document: SourceDocument, overrides: Map<string, string>): JsonObject {
  const declared = objectOrEmpty(document.body.Parameters)
  const findings: Finding[] = []
  for (const name of overrides.keys()) {
    if (!Object.hasOwn(declared, name)) findings.push(unknownParameter(name, Object.keys(declared)))
  }
  const values: JsonObject = {}
  for (const [name, declaration] of entriesOf(declared)) {
    const { Default, Type, AllowedValues } = objectOrEmpty(declaration)
    const text = overrides.get(name) ?? (Default === undefined ? undefined : String(Default))
    if (text === undefined) continue
    if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(text)) {
      const place = document.places.locate(['Parameters', name, 'AllowedValues'])
      const allowed = AllowedValues.join(', ')
      findings.push({
        message: `parameter ${name}: expected one of ${allowed}, got ${JSON.stringify(text)}`,
        place,
      })
    }
    values[name] = isListType(Type) ? text.split(',').map((entry) => entry.trim()) : text
  }
  throwFindings(findings)
  return values
}

function isListType(type: unknown): boolean {
  return type === 'CommaDelimitedList' || String(type).startsWith('List<')
}

function unknownParameter(name: string, declared: string[]): Finding {
  const meant = suggest(name, declared)
  const remedy = meant
    ? `did you mean ${meant}?`
    : `the template has ${declared.join(', ') || 'no parameters'}`
  return { message: `--parameter ${name}: the template has no such parameter`, remedy }
}
