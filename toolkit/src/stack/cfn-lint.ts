import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Finding, fail, type Place } from '../errors.ts'
import { isObject, type JsonObject, objectOrEmpty } from '../json.ts'
import type { Path } from '../template/place-tree.ts'
import { PUBLISHER_SUFFIX } from './local-scope.ts'
import type { Stack } from './stack.ts'

/** How cfn-lint may be had: as a command, or as a package of the Python that is there. */
const COMMANDS = [
  ['cfn-lint'],
  ['python3', '-c', 'import sys\nfrom cfnlint.runner import main\nsys.exit(main())'],
] as const

/** Bits of its exit code: errors, warnings, informational. https://github.com/aws-cloudformation/cfn-lint#exit-codes */
const FINDINGS_ONLY = 2 | 4 | 8

/**
 * The errors that cfn-lint finds in an expanded template, placed where the user's own template is to blame; undefined if
 * there is no cfn-lint on this machine. Warnings are left out: of an expansion, most are about what the macro decided.
 */
export async function lintExpansion(stack: Stack, expanded: JsonObject): Promise<Finding[] | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'lpr-lint-'))
  try {
    // A file rather than standard input, which loses to templates that a .cfnlintrc names.
    const file = join(directory, 'expansion.json')
    await writeFile(file, JSON.stringify(withoutIgnores(stack, expanded)))
    const options = ['--format', 'json', '--regions', stack.identity.region, '--template', file]
    for (const [command, ...args] of COMMANDS) {
      const output = await run(command, [...args, ...options])
      if (output !== undefined) return errorsOf(output).map((match) => findingOf(match, stack))
    }
    return undefined
  } finally {
    await rm(directory, { recursive: true })
  }
}

interface Match {
  Level: string
  Message: string
  Rule: { Id: string }
  Location: { Path: Path | null }
}

/**
 * E3006 is about unknown types, and templates silence it on routers, whose type only the macro knows. What a router
 * becomes is known again, but not in every region, and that should be told.
 */
function withoutIgnores(stack: Stack, expanded: JsonObject): JsonObject {
  const resources: JsonObject = { ...objectOrEmpty(expanded.Resources) }
  for (const id of stack.routerIds) {
    const { Metadata, ...rest } = objectOrEmpty(resources[id])
    const { 'cfn-lint': settings, ...others } = objectOrEmpty(Metadata)
    const config = objectOrEmpty(objectOrEmpty(settings).config)
    const ignored = Array.isArray(config.ignore_checks) ? config.ignore_checks : []
    const kept = { ...config, ignore_checks: ignored.filter((rule) => rule !== 'E3006') }
    resources[id] = { ...rest, Metadata: { ...others, 'cfn-lint': { config: kept } } }
  }
  return { ...expanded, Resources: resources }
}

/** What the command wrote; undefined if it is not there. Throws if it is there and fails. */
async function run(command: string, args: string[]): Promise<string | undefined> {
  const child = spawn(command, args, { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null | undefined>((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => resolve(code))
  })
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code === undefined || /No module named '?cfnlint/.test(errors)) return undefined
  if (code !== null && (code & ~FINDINGS_ONLY) === 0) return output
  throw fail(`cfn-lint failed: ${errors.trim().split('\n').at(-1) || `exit code ${code}`}`)
}

function errorsOf(output: string): Match[] {
  const matches: unknown = output.trim() === '' ? [] : JSON.parse(output)
  if (!Array.isArray(matches)) throw fail('cfn-lint wrote something else than a list of matches')
  return matches.filter((match): match is Match => isObject(match) && match.Level === 'Error')
}

function findingOf({ Message, Rule, Location }: Match, stack: Stack): Finding {
  const path = Location.Path ?? []
  const message = `${path.slice(1).join('.') || 'the expansion'}: ${Message} (cfn-lint ${Rule.Id})`
  return { message, place: placeOf(path, stack) }
}

/**
 * Where the user's template says what stands at a path of the expansion. What the macro or SAM made of a resource has its
 * logical id with something behind it, and is placed at that resource.
 */
function placeOf(path: Path, { document }: Stack): Place {
  const [section, id, ...rest] = path
  const known = Object.keys(objectOrEmpty(document.body[String(section)]))
  if (typeof id !== 'string' || known.includes(id)) return document.places.locate(path)
  const [source] = known.filter((name) => id.startsWith(name)).sort((a, b) => b.length - a.length)
  if (source === undefined) return document.places.locate([section ?? ''])
  const isPublisher = id === `${source}${PUBLISHER_SUFFIX}`
  return document.places.locate([section ?? '', source, ...(isPublisher ? rest : [])])
}
