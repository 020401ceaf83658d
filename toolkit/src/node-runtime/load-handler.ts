import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RuntimeError } from './errors.ts'

/** A user's handler: buffered `(event, context)` or streaming `(event, responseStream, context)`. */
export type Handler = (...args: unknown[]) => unknown

/** Where the files of a module may be, in the order in which Lambda tries them. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs']

/**
 * Loads a handler as Lambda does: `dir/file.method`, where the method may be a path through exported objects. Throws
 * `RuntimeError`, or what the user's code threw.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function loadHandler(taskRoot: string, handler: string): Promise<Handler> {
  try {
    return await loadUserHandler(taskRoot, handler)
  } catch (error) {
    throw describeLoadError(error)
  }
}

/** As `loadHandler`, but what loading the user's module throws comes as it is. */
export async function loadUserHandler(taskRoot: string, handler: string): Promise<Handler> {
  const { directory, file, path } = parseHandler(handler)
  const exports = await loadModule(taskRoot, directory, file)
  const found = findExport(exports, path) ?? findExport(defaultExport(exports), path)
  if (!found) throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`)
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`)
  }
  return found as Handler
}

function parseHandler(handler: string): { directory: string; file: string; path: string[] } {
  const [, file, path] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? []
  if (handler.includes('..') || file === undefined || path === undefined) {
    const expected = 'expected dir/file.method, without ..'
    throw new RuntimeError('Runtime.MalformedHandlerName', `${JSON.stringify(handler)}: ${expected}`)
  }
  return { directory: handler.slice(0, -basename(handler).length), file, path: path.split('.') }
}

async function loadModule(taskRoot: string, directory: string, file: string): Promise<unknown> {
  const place = resolve(taskRoot, directory, file)
  const found = EXTENSIONS.map((extension) => place + extension).find(isFile)
  if (found !== undefined) return import(pathToFileURL(found).href)
  const require = createRequire(join(taskRoot, 'handler.js'))
  return require(require.resolve(file, { paths: [taskRoot, join(taskRoot, directory)] }))
}

function describeLoadError(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    const described = new RuntimeError('Runtime.UserCodeSyntaxError', String(error), error)
    described.stack = error.stack ?? String(error) // It names file and line.
    return described
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return error
  return new RuntimeError('Runtime.ImportModuleError', String(error), error)
}

function findExport(exports: unknown, path: string[]): unknown {
  let value = exports
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function defaultExport(exports: unknown): unknown {
  return findExport(exports, ['default'])
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
