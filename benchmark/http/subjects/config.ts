import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** How long a baseline keeps an idle connection: clients stay connected while other subjects have their turn. */
export const KEEP_ALIVE_MS = 600_000

/** What the built-in baselines read of the manifest that every subject is given with `--config`. */
export interface BaselineConfig {
  port: number
  /** ARN of the first route's function. */
  target: string
}

export function readConfig(): BaselineConfig {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  if (values.config === undefined) throw new Error('expected --config with the path of a manifest')
  const { ListenAddr, Spec } = JSON.parse(readFileSync(values.config, 'utf8')) as {
    ListenAddr: string
    Spec: { paths: Record<string, Record<string, { 'x-target-lambda': string }>> }
  }
  const [path = {}] = Object.values(Spec.paths)
  const [operation] = Object.values(path)
  return { port: Number(ListenAddr.split(':').at(-1)), target: operation?.['x-target-lambda'] ?? '' }
}
