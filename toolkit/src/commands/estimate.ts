import type { CommandLine, ExitCode } from '../cli.ts'
import { UsageError } from '../errors.ts'
import { estimateRoute, totalsOf } from '../estimate/model.ts'
import { type EstimateReport, estimateText } from '../estimate/report.ts'
import { nameOf, readTraffic } from '../estimate/traffic.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'
import type { Output } from '../output.ts'
import { expandTemplate } from '../stack/macro.ts'
import { findRouter } from '../stack/router-resources.ts'
import { type RouteInfo, routesOf } from '../stack/routes.ts'
import { readStack, resolveFunctions } from '../stack/stack.ts'
import { readDocument } from '../template/read.ts'
import { stackOptions } from './stack-options.ts'

/** What is known of a router before any traffic. */
interface Subject {
  routes: RouteInfo[]
  memoryOf(functionName: string): number | undefined
}

/** `lpr estimate`: what batching costs and saves, and how long requests wait for it. */
export async function estimate(line: CommandLine, output: Output): Promise<ExitCode> {
  if ((line.template === undefined) === (line.config === undefined)) {
    throw new UsageError('lpr estimate needs either -t <template> or --config <manifest>')
  }
  const flags = flagsOf(line)
  const file = line.traffic === undefined ? undefined : readDocument(line.traffic)
  const { routes, memoryOf } = line.config === undefined ? await ofTemplate(line) : ofConfig(line.config)
  const traffic = readTraffic(file, flags, routes, memoryOf)
  const { architecture, prices, routerInstances } = traffic
  const estimates = traffic.routes.flatMap((figures, index) => {
    const route = routes[index]
    return route === undefined ? [] : [estimateRoute(route, figures, prices)]
  })
  const report: EstimateReport = {
    ok: true,
    routes: estimates,
    totals: totalsOf(estimates, routerInstances, prices),
    assumptions: { architecture, prices, routerInstances },
    notes: notesOn(routes),
  }
  output.result(report, estimateText(report))
  return 0
}

function flagsOf(line: CommandLine): JsonObject {
  const number = (option: 'rps' | 'duration-ms' | 'memory-mb') => {
    const text = line[option]
    if (text === undefined || (text.trim() !== '' && Number.isFinite(Number(text))))
      return text && Number(text)
    throw new UsageError(`--${option} expects a number, got ${JSON.stringify(text)}`)
  }
  const flags = { rps: number('rps'), durationMs: number('duration-ms'), memoryMb: number('memory-mb') }
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
}

function ofConfig(path: string): Subject {
  const { Spec, ...RouterConfig } = readDocument(path).body
  return { routes: routesOf({ RouterConfig, Spec }), memoryOf: () => undefined }
}

async function ofTemplate(line: CommandLine): Promise<Subject> {
  const stack = readStack(stackOptions(line))
  const expanded = await expandTemplate(stack, () => {})
  const { publisherProperties } = findRouter(stack, expanded, line.router)
  // Their mistakes are for `lpr validate`; of a function that has some, the memory is known all the same.
  const functions = new Map(resolveFunctions(stack, []).map(({ name, memoryMb }) => [name, memoryMb]))
  // The publisher says where the router listens; it makes no difference here.
  const RouterConfig = { ListenAddr: ':8080', ...objectOrEmpty(publisherProperties.RouterConfig) }
  return {
    routes: routesOf({ ...publisherProperties, RouterConfig }),
    memoryOf: (name) => functions.get(name),
  }
}

function notesOn(routes: RouteInfo[]): string[] {
  const learned = routes.filter(({ wait }) => wait !== 'fixed').map(nameOf)
  return [
    ...(learned.length === 0
      ? []
      : [
          `The window of ${learned.join(', ')} depends on the traffic: the wait is at most, and the batch at most as large as, what is said here.`,
        ]),
    'Arrivals are taken to be random and steady; cold starts, retries, data transfer and the free tier are left out. docs/estimate.md has the model.',
  ]
}
