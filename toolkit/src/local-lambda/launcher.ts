import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandLine, LocalFunction, RuntimeLauncher } from './api.ts'

/**
 * The command of a function's process. `AWS_LAMBDA_EXEC_WRAPPER` gets that command as its arguments and is to `exec` it:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export function launchCommand(definition: LocalFunction, launchers: RuntimeLauncher[]): CommandLine {
  const launcher = launchers.find(({ supports }) => supports(definition.runtime))
  if (launcher === undefined) {
    throw new Error(`runtime ${definition.runtime}: expected ${supportedRuntimes(launchers)}`)
  }
  const commandLine = launcher.commandLine(definition)
  const wrapper = definition.environment.AWS_LAMBDA_EXEC_WRAPPER
  if (wrapper === undefined || wrapper === '' || launcher.ignoresWrapper) return commandLine
  const args = [commandLine.command, ...commandLine.args]
  return { ...commandLine, command: localPath(wrapper, definition), args }
}

/** Where a path of Lambda's is on this machine: `/opt` is wherever the layers are. */
function localPath(path: string, { optDir }: LocalFunction): string {
  return optDir !== undefined && path.startsWith('/opt/') ? join(optDir, path.slice('/opt/'.length)) : path
}

/** Why the function cannot be started here, with what to do about it; undefined when it can. */
export function whyNotStarted(definition: LocalFunction, launchers: RuntimeLauncher[]): string | undefined {
  try {
    launchCommand(definition, launchers)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The runtimes that the launchers know, for messages. */
export function supportedRuntimes(launchers: RuntimeLauncher[]): string {
  return launchers.map(({ runtimes }) => runtimes).join(' or ')
}

/** Starts Node.js functions with the Node.js that runs the toolkit, whatever version the runtime asks for. */
export function nodeLauncher(runtimePath: string = builtNodeRuntime()): RuntimeLauncher {
  return {
    runtimes: 'nodejs<version>.x',
    supports: (runtime) => /^nodejs\d+\.x$/.test(runtime),
    commandLine: (definition) => ({
      command: process.execPath,
      args: [runtimePath],
      environment: { NODE_OPTIONS: nodeOptions(definition.environment.NODE_OPTIONS) },
    }),
  }
}

/**
 * Starts functions that bring their own runtime: the executable file `bootstrap` of their code.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
 */
export function customLauncher(): RuntimeLauncher {
  return {
    runtimes: 'provided.al2 or provided.al2023',
    supports: (runtime) => /^provided\.al2(023)?$/.test(runtime),
    commandLine: ({ codeDir }) => ({ command: executable(join(codeDir, 'bootstrap')), args: [] }),
    // Lambda calls the wrapper for its managed runtimes only.
    ignoresWrapper: true,
  }
}

function executable(path: string): string {
  if (!existsSync(path)) throw new Error(`${path}: expected an executable file, got none`)
  try {
    accessSync(path, constants.X_OK)
  } catch {
    throw new Error(`${path}: expected an executable file, got one that may not be executed`)
  }
  return path
}

/** Lambda's Node.js runtimes switch these off; a function may switch them on again by its own `NODE_OPTIONS`. */
const OFF_IN_LAMBDA = ['require-module', 'detect-module']

function nodeOptions(own: string | undefined): string {
  const known = OFF_IN_LAMBDA.filter((flag) => allowsNodeFlag(`--experimental-${flag}`))
  return [...known.map((flag) => `--no-experimental-${flag}`), own ?? ''].join(' ').trim()
}

function allowsNodeFlag(flag: string): boolean {
  return process.allowedNodeEnvironmentFlags.has(flag)
}

function builtNodeRuntime(): string {
  // Beside the bundled toolkit, or where the build puts it when the toolkit runs from its sources.
  const places = ['./node-runtime.mjs', '../../dist/node-runtime.mjs'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  )
  const found = places.find((place) => existsSync(place))
  if (found === undefined) {
    throw new Error(`the Node.js runtime is not built: expected it at ${places.join(' or ')}`)
  }
  return found
}
