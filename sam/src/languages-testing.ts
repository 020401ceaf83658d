import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What `lpr` says about the stack of the other languages, with these variables instead of this process's. */
export async function lprOfLanguages(command: 'dev' | 'expand', args: string[], env: NodeJS.ProcessEnv) {
  const all = [path('../../toolkit/bin/lpr.mjs'), command, '-t', path('../languages/template.yaml'), ...args]
  const child = spawn(process.execPath, all, { env })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await exited, stdout, stderr }
}

/** `lpr dev --once`, on any free ports. */
export async function onceOfLanguages(env: NodeJS.ProcessEnv) {
  const args = ['--once', '-o', 'json', '--port', '0', '--admin-port', '0']
  const { status, stdout, stderr } = await lprOfLanguages('dev', args, env)
  return { status, stderr, report: stdout === '' ? {} : JSON.parse(stdout) }
}

/** Of the stack, in the order of its template. */
export const ROUTES = [
  '/buffering/adapter/go/{greeting}',
  '/streaming/adapter/go/{greeting}',
  '/buffering/adapter/rust/{greeting}',
  '/streaming/adapter/rust/{greeting}',
  '/buffering/adapter/java/{greeting}',
]
