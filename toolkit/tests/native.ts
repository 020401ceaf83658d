import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalFunction } from '../src/local-lambda/index.ts'

/**
 * A function that brings its own runtime: one of the programs that `make native` puts into `.build/native`.
 * Throws if it is not there.
 */
export function nativeFunction(program: string, more: Partial<LocalFunction> = {}): LocalFunction {
  const codeDir = join(process.cwd(), '.build/native', program)
  if (!existsSync(join(codeDir, 'bootstrap'))) {
    throw new Error(`${codeDir}/bootstrap: expected the program, got none; run make native`)
  }
  return {
    name: program,
    codeDir,
    handler: 'bootstrap',
    runtime: 'provided.al2023',
    environment: {},
    timeoutMs: 30_000,
    memoryMb: 128,
    ...more,
  }
}
