import { Histogram } from '../load/histogram.ts'
import type { Sample, ScenarioResult } from '../measure.ts'

/** Figures of one round that are compared between subjects. */
export const FIGURES = {
  cpuUsPerRequest: ({ cpu, load }: Sample) => ((cpu.userMs + cpu.systemMs) * 1000) / answered(load),
  userUsPerRequest: ({ cpu, load }: Sample) => (cpu.userMs * 1000) / answered(load),
  requestsPerSecond: ({ load }: Sample) => (load.ok / load.elapsedMs) * 1000,
  invocationsPerRequest: (sample: Sample) => sample.function.invocations / sample.function.items,
  p50Ms: ({ load }: Sample) => Histogram.from(load.latency).percentileMs(0.5),
  p99Ms: ({ load }: Sample) => Histogram.from(load.latency).percentileMs(0.99),
  addedP99Ms: ({ load }: Sample) => Histogram.from(load.added).percentileMs(0.99),
  addedP50Ms: ({ load }: Sample) => Histogram.from(load.added).percentileMs(0.5),
  latenessP99Ms: ({ load }: Sample) => Histogram.from(load.lateness).percentileMs(0.99),
  rejectionP99Ms: ({ load }: Sample) => Histogram.from(load.rejection).percentileMs(0.99),
  rssMb: ({ rssBytes }: Sample) => rssBytes / 1024 / 1024,
} satisfies Record<string, (sample: Sample) => number>

export type Figure = keyof typeof FIGURES

/** One figure of a subject, round by round; empty if the scenario did not run with it. */
export function valuesOf(
  results: ScenarioResult[],
  scenario: string,
  subject: string,
  figure: Figure,
): number[] {
  const found = results.find((result) => result.scenario.name === scenario)
  return samplesOf(found, subject).map((sample) => FIGURES[figure](sample))
}

export function samplesOf(result: ScenarioResult | undefined, subject: string): Sample[] {
  return (result?.samples ?? []).filter((sample) => sample.subject === subject)
}

export function subjectsIn({ samples }: ScenarioResult): string[] {
  return [...new Set(samples.map(({ subject }) => subject))]
}

function answered({ ok, rejected, failed }: Sample['load']): number {
  return ok + rejected + failed
}
