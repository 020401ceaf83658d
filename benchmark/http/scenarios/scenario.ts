import type { BatchSettings, Manifest } from '@lpr/contract'
import type { FunctionSettings } from '../lambda/answers.ts'
import { KEY_HEADER, pathOf, type RequestShape } from '../load/requests.ts'
import { KEEP_ALIVE_MS } from '../subjects/config.ts'

/**
 * `router` logs errors only; `observed` writes the access log and serves metrics; `traced` also traces one request of a
 * hundred. `bare` is a `node:http` server that only answers, `direct` one that invokes for each request, `alone` one that
 * takes the function's time and answers itself, `least` one that batches and invokes and does nothing besides.
 */
export type BuiltIn = 'router' | 'observed' | 'traced' | 'bare' | 'direct' | 'alone' | 'least'

/** How the requests of a scenario come. `warmUpMs`: how long they come like that before anything is measured. */
export type Plan =
  | { kind: 'closed'; connections: number }
  | { kind: 'poisson'; rps: number; connections: number; warmUpMs: number }
  /** Random, at a share of what the subject did in its warm-up. */
  | { kind: 'share'; ofSaturation: number; connections: number; warmUpMs: number }
  | { kind: 'recorded'; file: string; connections: number }

type Settings = Partial<BatchSettings> & Pick<BatchSettings, 'maxBatchSize' | 'maxWaitMs'>
export type Config = Partial<Omit<Manifest, 'Spec' | 'ListenAddr'>>

/** One situation that subjects are compared in. */
export interface Scenario {
  name: string
  /** What it is for, as a sentence of the report. */
  about: string
  subjects: BuiltIn[]
  shape: RequestShape
  answer: FunctionSettings
  /** `x-lpr` of every route. */
  lpr: Settings
  config: Config
  plan: Plan
  /** Length of one round. */
  durationMs: number
  /** Part of the short set. */
  short: boolean
}

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:bench'

/** The manifest that subjects of the scenario are given, each with what is its own. */
export function manifestOf({ shape, lpr, config }: Scenario, port: number, own: Config = {}): object {
  const operation = {
    'x-target-lambda': FUNCTION_ARN,
    'x-lpr': { ...lpr, ...(shape.keys > 1 ? { key: [`header:${KEY_HEADER}`] } : {}) },
  }
  const method = shape.bodyBytes === 0 ? 'get' : 'post'
  const paths = Array.from({ length: shape.routes }, (_, route) => [pathOf(route), { [method]: operation }])
  return {
    ListenAddr: `127.0.0.1:${port}`,
    LogLevel: 'error',
    ShutdownDelayMs: 0,
    MaxInflightInvocations: 256,
    // Long enough that a slow machine shows as slow, not as failures.
    DefaultTimeoutMs: 30_000,
    KeepAliveTimeoutMs: KEEP_ALIVE_MS,
    ...config,
    ...own,
    Spec: { paths: Object.fromEntries(paths) },
  }
}
