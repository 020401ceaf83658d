import { statSync } from 'node:fs'
import type { LocalFunction, RuntimeLauncher } from './api.ts'
import { supportedRuntimes } from './launcher.ts'
import { MAX_TIMEOUT_MS } from './limits.ts'

/** Throws one error that names every mistake in the definitions. */
export function checkDefinitions(functions: LocalFunction[], launchers: RuntimeLauncher[]): void {
  const mistakes = functions.flatMap((definition) => mistakesOf(definition, launchers))
  const names = functions.map(({ name }) => name)
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) < at))
  for (const name of repeated) mistakes.push(`function ${name}: defined more than once`)
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'))
}

function mistakesOf(definition: LocalFunction, launchers: RuntimeLauncher[]): string[] {
  const { name, codeDir, handler, runtime, timeoutMs, memoryMb, reservedConcurrency } = definition
  const mistakes: string[] = []
  function expect(valid: boolean, what: string, expected: string, got: unknown): void {
    if (!valid) mistakes.push(`function ${name}: ${what}: expected ${expected}, got ${JSON.stringify(got)}`)
  }
  const supported = launchers.some((launcher) => launcher.supports(runtime))
  expect(/^[a-zA-Z0-9_-]{1,140}$/.test(name), 'name', '1-140 letters, digits, hyphens or underscores', name)
  expect(isDirectory(codeDir), 'codeDir', 'an existing directory', codeDir)
  expect(handler !== '', 'handler', 'a name such as app.handler', handler)
  expect(supported, 'runtime', supportedRuntimes(launchers), runtime)
  expect(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS, 'timeoutMs', `1 to ${MAX_TIMEOUT_MS}`, timeoutMs)
  expect(memoryMb > 0, 'memoryMb', 'a positive number', memoryMb)
  expect(isCount(reservedConcurrency), 'reservedConcurrency', 'a whole number from 0', reservedConcurrency)
  return mistakes
}

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isInteger(value) && value >= 0)
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
