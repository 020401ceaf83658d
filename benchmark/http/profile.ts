import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** From and to, on the monotonic clock in µs. */
export type TimeSpan = [fromUs: number, toUs: number]

/** Where a process spent its CPU time. */
export interface ProfileSummary {
  /** Of the samples in the measured spans. */
  busyMs: number
  /** Most expensive first; a share is of the busy time. */
  functions: { name: string; selfMs: number; share: number }[]
}

/** A `.cpuprofile` as V8 writes it; times in µs. */
export interface CpuProfile {
  startTime: number
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

const FUNCTIONS_SHOWN = 40

/** Sums up the profiles of a scenario, each subject's in a folder of its name. */
export function summariseProfiles(
  directory: string,
  spans: Record<string, TimeSpan[]>,
): Record<string, ProfileSummary> {
  const found = Object.entries(spans).flatMap(([subject, measured]) => {
    const folder = join(directory, subject)
    const file = existsSync(folder)
      ? readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))
      : undefined
    if (file === undefined) return []
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile
    return [[subject, summariseProfile(profile, measured)] as const]
  })
  return Object.fromEntries(found)
}

/** Self time by function, within the spans only, so that start and warm-up do not count. */
export function summariseProfile(profile: CpuProfile, spans: TimeSpan[]): ProfileSummary {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const selfUs = new Map<string, number>()
  let atUs = profile.startTime
  for (const [index, deltaUs] of profile.timeDeltas.entries()) {
    atUs += deltaUs
    if (!spans.some(([from, to]) => atUs >= from && atUs < to)) continue
    const name = names.get(profile.samples[index] ?? -1) ?? '?'
    if (name !== '(idle)') selfUs.set(name, (selfUs.get(name) ?? 0) + deltaUs)
  }
  const busyUs = [...selfUs.values()].reduce((sum, us) => sum + us, 0)
  const functions = [...selfUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, FUNCTIONS_SHOWN)
    .map(([name, us]) => ({ name, selfMs: us / 1000, share: us / busyUs }))
  return { busyMs: busyUs / 1000, functions }
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const file = url.startsWith('node:') ? url : url.split('/').at(-1)
  return `${name} ${file}:${lineNumber + 1}`
}
