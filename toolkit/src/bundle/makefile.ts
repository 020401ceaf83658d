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
  const problem = await run('make', ['--no-print-directory', `build-${logicalId}`], codeDir, {
    ARTIFACTS_DIR: outdir,
  })
  if (problem === undefined) return []
  return [
    {
      message: `${logicalId}: ${problem}`,
      place,
      remedy: `make the target build-${logicalId} work in ${codeDir}`,
    },
  ]
}

/** What went wrong, with the last lines of the output; undefined when nothing did. */
function run(
  command: string,
  args: string[],
  cwd: string,
  variables: Record<string, string>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...cleanEnvironment(), ...variables } })
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => output.push(String(chunk)))
    }
    child.once('error', (error) => resolve(`cannot start ${command}: ${error.message}`))
    child.once('close', (code) => {
      resolve(code === 0 ? undefined : `${command} ended with status ${code}\n${lastLines(output.join(''))}`)
    })
  })
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
