import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import type { Finding, Place } from '../errors.ts'
import type { JsonObject } from '../json.ts'

/** What is built by a Makefile of its own. */
export interface Makeable {
  logicalId: string
  /** Directory with the Makefile. */
  codeDir: string
  place: Place
}

/** Whether SAM would build the resource by `make`. */
export function usesMakefile(metadata: JsonObject): boolean {
  return metadata.BuildMethod === 'makefile'
}

/**
 * Runs `make build-<logical id>`, which is to put everything into the directory `ARTIFACTS_DIR`, here `outdir`. It runs in
 * the sources, as `sam build --build-in-source` does. Returns what went wrong.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
 */
export async function runMake({ logicalId, codeDir, place }: Makeable, outdir: string): Promise<Finding[]> {
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  const target = `build-${logicalId}`
  const problem = await make(target, codeDir, { ...cleanEnvironment(), ARTIFACTS_DIR: outdir })
  return problem === undefined ? [] : [{ ...problem, message: `${logicalId}: ${problem.message}`, place }]
}

/** Ends every `make` that runs, with all that it has started. Resolves when they are gone. */
export async function stopMakes(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()))
}

/** How to end each `make` that runs. */
const running = new Set<() => Promise<unknown>>()

/** What went wrong, with the last lines of the output; undefined when nothing did. */
async function make(target: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Finding | undefined> {
  // A group of its own, so that what it starts ends with it.
  const child = spawn('make', ['--no-print-directory', target], { cwd, env, detached: true })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)))
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve)
    child.once('close', (code) => resolve(code ?? 1))
  })
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    return ended
  }
  running.add(stop)
  const outcome = await ended.finally(() => running.delete(stop))
  if (outcome === 0) return undefined
  if (typeof outcome !== 'number')
    return { message: `cannot start make: ${outcome.message}`, remedy: 'install make' }
  const message = `make ended with status ${outcome}\n${lastLines(output.join(''))}`
  return { message, remedy: `make the target ${target} work in ${cwd}` }
}

/** Without what a `make` above this process says to its own children. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const {
    MAKEFLAGS: _flags,
    MFLAGS: _old,
    MAKELEVEL: _level,
    MAKEOVERRIDES: _overrides,
    ...rest
  } = process.env
  return rest
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-10).join('\n')
}
