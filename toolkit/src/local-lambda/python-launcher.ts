import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RuntimeLauncher } from './api.ts'

/** Least minor version of Python 3 that the runtime and the adapter work with. */
const LEAST_MINOR = 10

/**
 * Starts Python functions with the Python of this machine: the one that the runtime asks for, such as `python3.13`, or else
 * `python3`. The runtime is ours and needs nothing to be installed.
 */
export function pythonLauncher(runtimePath?: string): RuntimeLauncher {
  return {
    runtimes: 'python3.<version>',
    supports: (runtime) => /^python3\.\d+$/.test(runtime),
    commandLine: ({ runtime }) => ({
      command: findPython(runtime),
      // Output goes out at once; no caches in the user's folders; text is UTF-8 whatever the locale.
      args: ['-u', '-B', '-X', 'utf8', runtimePath ?? builtPythonRuntime()],
    }),
  }
}

/** A Python of this machine: what it calls itself, and how old it is. */
interface Python {
  executable: string
  minor: number
}

/** Absolute path of the Python to use. Throws an error that says what to do when there is none. */
function findPython(runtime: string): string {
  const found = [...onPath(runtime), ...onPath('python3')].flatMap((path) => examine(path) ?? [])
  const fit = found.find(({ minor }) => minor >= LEAST_MINOR)
  if (fit !== undefined) return fit.executable
  const [old] = found
  const problem =
    old === undefined ? 'no python3 on the PATH' : `${old.executable} is Python 3.${old.minor}, too old`
  throw new Error(`${problem}: install Python 3.${LEAST_MINOR} or later`)
}

function onPath(name: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).filter(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** By path: a Python does not change while the toolkit runs. */
const examined = new Map<string, Python | undefined>()

/**
 * Asks a program for the Python behind it: it may be the script of a version manager, which needs more of the environment
 * than a function has, or stands for a version that is not installed.
 */
function examine(path: string): Python | undefined {
  if (examined.has(path)) return examined.get(path)
  const { stdout } = spawnSync(path, ['-c', 'import sys; print(sys.version_info[1], sys.executable)'], {
    encoding: 'utf8',
  })
  const [, minor, executable] = /^(\d+) (.+)$/m.exec(stdout ?? '') ?? []
  const python = minor && executable ? { minor: Number(minor), executable } : undefined
  examined.set(path, python)
  return python
}

function builtPythonRuntime(): string {
  // Beside the bundled toolkit, or among its sources.
  const places = ['./python-runtime/bootstrap.py', '../python-runtime/bootstrap.py'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  const found = places.find((place) => existsSync(place))
  if (found === undefined)
    throw new Error(`the Python runtime is missing: expected it at ${places.join(' or ')}`)
  return found
}
