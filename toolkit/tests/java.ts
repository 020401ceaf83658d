import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalFunction } from '../src/local-lambda/index.ts'

const PACKAGE = 'io.github.lambdaparallelrouter.adapter'

/** The classes of the adapter and of its tests, with their libraries, as a function's package. */
const codeDir = join(process.cwd(), 'lambda-kit/adapter-java/target/function')

/** A function of the classes of the Java adapter's tests; `handler` is a class of its package. */
export function javaFunction(handler: string): LocalFunction {
  if (!existsSync(codeDir))
    throw new Error(`${codeDir}: expected a function's code, got none; run make test-heavy`)
  return {
    name: handler,
    codeDir,
    handler: `${PACKAGE}.${handler}`,
    runtime: 'java17',
    environment: {},
    timeoutMs: 30_000,
    memoryMb: 512,
  }
}
