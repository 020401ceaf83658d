import { type Finding, throwFindings } from '../errors.ts'
import { entriesOf, isObject, type JsonObject, objectOrEmpty } from '../json.ts'
import type { RouteInfo } from '../stack/routes.ts'
import type { SourceDocument } from '../template/read.ts'
import type { RouteTraffic } from './model.ts'
import { ARCHITECTURES, type Architecture, listPrices, type Prices } from './prices.ts'

/** What the traffic file and the command line say, checked and with every default filled in. */
export interface Traffic {
  architecture: Architecture
  prices: Prices
  routerInstances: number
  /** In the order of the routes. */
  routes: RouteTraffic[]
}

/** The figures of a route, by their names in the file; each with what it must be. */
const FIGURES = {
  rps: { least: 0, otherwise: undefined },
  durationMs: { least: 0, otherwise: undefined },
  cpuMs: { least: 0, otherwise: 1 },
  spread: { least: 0, otherwise: 0.5 },
  keys: { least: 1, otherwise: 1 },
  memoryMb: { least: 128, otherwise: 128 },
} satisfies Record<keyof RouteTraffic, { least: number; otherwise: number | undefined }>

const SECTIONS = ['architecture', 'prices', 'routerInstances', 'defaults', 'routes']

/**
 * Reads the figures. `flags` are those of the command line, which win over the file's defaults; `memoryOf` is what a
 * template says of a function. Throws a FindingsError that names every mistake.
 */
export function readTraffic(
  file: SourceDocument | undefined,
  flags: JsonObject,
  routes: RouteInfo[],
  memoryOf: (functionName: string) => number | undefined,
): Traffic {
  const findings: Finding[] = []
  const body = file?.body ?? {}
  const problem = (path: string[], message: string) => {
    findings.push({ message, ...(file && { place: file.places.locate(path) }) })
  }
  checkNames(body, routes, problem)
  const architecture = ARCHITECTURES.find((one) => one === (body.architecture ?? 'x86_64'))
  if (architecture === undefined)
    problem(['architecture'], `architecture: expected ${ARCHITECTURES.join(' or ')}`)
  const number = (path: string[], value: unknown, least: number) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value
    problem(
      path,
      `${path.join(' ')}: expected a number from ${least}, got ${JSON.stringify(value) ?? 'none'}`,
    )
    return Number.NaN
  }
  const defaults = { ...objectOrEmpty(body.defaults), ...flags }
  const traffic: Traffic = {
    architecture: architecture ?? 'x86_64',
    prices: pricesOf(body.prices, architecture ?? 'x86_64', number),
    routerInstances: number(['routerInstances'], body.routerInstances ?? 2, 1),
    routes: routes.map((route) => {
      const given = {
        memoryMb: memoryOf(route.functionName),
        ...defined(defaults),
        ...ownFigures(body, route),
      }
      return figuresOf(given, ['routes', nameOf(route)], number, problem)
    }),
  }
  throwFindings(findings)
  return traffic
}

type Problem = (path: string[], message: string) => void
type ReadNumber = (path: string[], value: unknown, least: number) => number

export function nameOf({ method, path }: RouteInfo): string {
  return `${method} ${path}`
}

function checkNames(body: JsonObject, routes: RouteInfo[], problem: Problem): void {
  const known = (path: string[], value: unknown, names: readonly string[]) => {
    for (const [name] of entriesOf(value)) {
      if (!names.includes(name))
        problem([...path, name], `${[...path, name].join(' ')}: expected one of ${names.join(', ')}`)
    }
  }
  known([], body, SECTIONS)
  known(['prices'], body.prices, Object.keys(listPrices('x86_64')))
  known(['defaults'], body.defaults, Object.keys(FIGURES))
  known(['routes'], body.routes, routes.map(nameOf))
  for (const [name, figures] of entriesOf(body.routes)) {
    if (isObject(figures)) known(['routes', name], figures, Object.keys(FIGURES))
    else problem(['routes', name], `routes ${name}: expected figures such as { rps: 100, durationMs: 80 }`)
  }
}

function pricesOf(given: unknown, architecture: Architecture, number: ReadNumber): Prices {
  const prices = listPrices(architecture)
  for (const name of Object.keys(prices) as (keyof Prices)[]) {
    prices[name] = number(['prices', name], objectOrEmpty(given)[name] ?? prices[name], 0)
  }
  return prices
}

function ownFigures(body: JsonObject, route: RouteInfo): JsonObject {
  return objectOrEmpty(objectOrEmpty(body.routes)[nameOf(route)])
}

function figuresOf(given: JsonObject, path: string[], number: ReadNumber, problem: Problem): RouteTraffic {
  const names = Object.keys(FIGURES) as (keyof RouteTraffic)[]
  const figures = Object.fromEntries(
    names.map((name) => {
      const { least, otherwise } = FIGURES[name]
      return [name, number([...path, name], given[name] ?? otherwise, least)]
    }),
  ) as unknown as RouteTraffic
  if (figures.cpuMs > figures.durationMs)
    problem(path, `${path.join(' ')}: cpuMs is part of durationMs, and cannot be more`)
  if (figures.spread > 1) problem(path, `${path.join(' ')} spread: expected a number from 0 to 1`)
  return figures
}

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
