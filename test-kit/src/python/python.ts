import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** How lines about progress begin: a test that runs for half a minute should not look as if it hung. */
const PROGRESS = 'cfn-lint: '

/** A program of the environment that `make test-heavy` prepares. */
export function pythonProgram(name: string): string {
  return join(root, '.build', 'venv', 'bin', name)
}

/** Runs a script of `test-kit/python`, which takes and gives JSON. Its lines about progress are passed on. */
export async function runPython(script: string, input: unknown): Promise<unknown> {
  const file = join(root, 'test-kit', 'python', script)
  const child = spawn(pythonProgram('python'), [file], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line)
    if (line.startsWith(PROGRESS)) process.stderr.write(`${line}\n`)
  })
  child.stdin.end(JSON.stringify(input))
  const [output, code] = await Promise.all([text(child.stdout), ended])
  if (code !== 0) throw new Error(`${script} ended with exit code ${code}: ${errors.join('\n')}`)
  return JSON.parse(output)
}
