import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Prepared } from './prepare.ts'

/**
 * Functions that ask for packages: `sam build` installs them, and here nobody does. Those of an activated virtual environment
 * are there, as its Python runs the functions.
 */
export function pythonNotes({ functions }: Pick<Prepared, 'functions'>): string[] {
  return [...functions.values()].flatMap(({ settings: { logicalId, runtime }, bundle: { codeDir } }) => {
    if (!runtime.startsWith('python3.') || !asksForPackages(join(codeDir, 'requirements.txt'))) return []
    return [
      `${logicalId}: its requirements.txt is not installed; run lpr in a virtual environment that has it`,
    ]
  })
}

function asksForPackages(requirements: string): boolean {
  return existsSync(requirements) && /^\s*[^#\s]/m.test(readFileSync(requirements, 'utf8'))
}
