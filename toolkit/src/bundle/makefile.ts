import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
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

/** What came of a `make`. */
export interface MakeOutcome {
  /** What went wrong, ready to be shown. */
  findings: Finding[]
  /** Set when all that went wrong is that a tool is not on this machine: what the recipe said about it. */
  missing?: string
}

/**
 * Runs `make build-<logical id>`, which is to put everything into the directory `ARTIFACTS_DIR`, here `outdir`. It runs in
 * the sources, as `sam build --build-in-source` does, and with `LPR_DEV` set, so that a recipe may build for this machine
 * instead of for Lambda. `onProgress` gets the lines of its standard error.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
 */
export async function runMake(
  { logicalId, codeDir, place }: Makeable,
  outdir: string,
  onProgress: (line: string) => void = () => {},
): Promise<MakeOutcome> {
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  const target = `build-${logicalId}`
  const env = { ...cleanEnvironment(), ARTIFACTS_DIR: outdir, LPR_DEV: '1' }
  const report = (line: string) => onProgress(`[${logicalId}] ${line}`)
  const { problem, missing } = await make(target, codeDir, env, report)
  if (problem === undefined) return { findings: [] }
  const findings = [{ ...problem, message: `${logicalId}: ${problem.message}`, place }]
  return { findings, ...(missing !== undefined && { missing }) }
}

/** Ends every `make` that runs, with all that it has started. Resolves when they are gone. */
export async function stopMakes(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()))
}

/** How to end each `make` that runs. */
const running = new Set<() => Promise<unknown>>()

/** What went wrong, with the last lines of the output; nothing when nothing did. */
async function make(
  target: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<{ problem?: Finding; missing?: string }> {
  // A group of its own, so that what it starts ends with it.
  const child = spawn('make', ['--no-print-directory', target], { cwd, env, detached: true })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)))
  reportLines(child.stderr, onProgress)
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
  if (outcome === 0) return {}
  if (typeof outcome !== 'number')
    return { problem: { message: `cannot start make: ${outcome.message}`, remedy: 'install make' } }
  const text = output.join('')
  const message = `make ended with status ${outcome}\n${lastLines(text)}`
  const problem = { message, remedy: `make the target ${target} work in ${cwd}` }
  return isCommandMissing(text) ? { problem, missing: reasonOf(text) } : { problem }
}

/**
 * Line by line, the last one held back: of a build that fails it says why, and is told as that. What `make` itself says
 * is no progress.
 */
function reportLines(stream: Readable, onProgress: (line: string) => void): void {
  let held: string | undefined
  createInterface({ input: stream }).on('line', (line) => {
    if (OF_MAKE.test(line)) return
    if (held !== undefined) onProgress(held)
    held = line
  })
}

const OF_MAKE = /^make(\[\d+\])?: /

/**
 * Status 127 of a recipe is the shell's for a command that it does not find, and what a recipe may exit with to say so.
 * `make` itself ends with 2 and tells the recipe's status, in the words of the user's language.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02
 */
function isCommandMissing(text: string): boolean {
  return /^make(\[\d+\])?: \*\*\* \[.+\] .*\b127$/m.test(text)
}

/** The last line that the recipe wrote, or else what `make` said. */
function reasonOf(text: string): string {
  const lines = text.trimEnd().split('\n')
  return lines.findLast((line) => !OF_MAKE.test(line)) ?? lines[0] ?? ''
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
