import { type Random, seededRandom } from './random.ts'

/** A traffic that does not care about answers. */
export interface Pattern {
  name: string
  /** Arrival times in ms, ascending. */
  arrivals(count: number, seed: number): Float64Array
}

/** Adds arrivals from `fromMs` on, and says where the next part begins. */
export type Part = (add: (atMs: number) => void, fromMs: number, random: Random) => number

const POISSON_RPS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000]

/** The list that the acceptance figures are judged on. */
export const PATTERNS: Pattern[] = [
  ...POISSON_RPS.map((rps) => gaps(`poisson ${rps} rps`, (random) => random.exponential(1000 / rps))),
  parts('bursts', bursts),
  parts('page loads', pageLoads),
  parts('ramp 5 to 1000 rps', ramp),
  parts('20 paced clients', paced(20, 200, 0.05)),
  parts('3 strict clients', paced(3, 50, 0)),
  gaps('metronome 12 ms', () => 12),
  gaps('log-normal gaps', (random) => 5 * Math.exp(1.5 * random.normal())),
  gaps('Pareto gaps', (random) => 2 * (1 - random.uniform()) ** (-1 / 1.3)),
  parts('two regimes', regimes),
  parts('slow tide', tide),
  parts('cron', cron),
  parts('pairs', pairs),
]

/** Gaps that do not depend on each other. */
export function gaps(name: string, gapMs: (random: Random) => number): Pattern {
  return parts(name, (add, fromMs, random) => {
    add(fromMs)
    return fromMs + gapMs(random)
  })
}

/** A part after the other. */
export function parts(name: string, part: Part): Pattern {
  const arrivals = (count: number, seed: number): Float64Array => {
    const random = seededRandom(seed)
    const times: number[] = []
    let fromMs = random.between(0, 100)
    // Parts may overlap, so what is cut off comes from well beyond the end.
    while (times.length < 1.2 * count + 500) fromMs = part((atMs) => times.push(atMs), fromMs, random)
    return Float64Array.from(times).sort().subarray(0, count)
  }
  return { name, arrivals }
}

function poisson(add: (atMs: number) => void, fromMs: number, untilMs: number, rps: number, random: Random) {
  for (
    let atMs = fromMs + random.exponential(1000 / rps);
    atMs < untilMs;
    atMs += random.exponential(1000 / rps)
  ) {
    add(atMs)
  }
  return untilMs
}

/** 100 rps in the mean: every 20 s there are 1000 rps for 1 s. */
function bursts(add: (atMs: number) => void, fromMs: number, random: Random): number {
  const calmUntilMs = poisson(add, fromMs, fromMs + 19_000, 1000 / 19, random)
  return poisson(add, calmUntilMs, calmUntilMs + 1000, 1000, random)
}

/** 5 page loads a second, of 6 to 12 requests within 5 to 30 ms each. */
function pageLoads(add: (atMs: number) => void, fromMs: number, random: Random): number {
  const spreadMs = random.between(5, 30)
  const requests = Math.floor(random.between(6, 13))
  for (let i = 0; i < requests; i++) add(fromMs + random.between(0, spreadMs))
  return fromMs + random.exponential(200)
}

/** Rises from 5 to 1000 rps by the same factor each second of two minutes, and starts again. */
function ramp(add: (atMs: number) => void, fromMs: number, random: Random): number {
  const seconds = 120
  for (let s = 0; s < seconds; s++) {
    poisson(add, fromMs + s * 1000, fromMs + (s + 1) * 1000, 5 * 200 ** (s / (seconds - 1)), random)
  }
  return fromMs + seconds * 1000
}

/** Clients that each send at their own pace, out of step with each other, with a jitter that is a share of the period. */
function paced(clients: number, periodMs: number, jitter: number): Part {
  return (add, fromMs, random) => {
    const sends = 400
    for (let c = 0; c < clients; c++) {
      const phaseMs = fromMs + random.between(0, periodMs)
      for (let i = 0; i < sends; i++) add(phaseMs + periodMs * (i + jitter * random.uniform()))
    }
    return fromMs + sends * periodMs
  }
}

/** 20 rps for 10 s, then 500 rps for 2 s. */
function regimes(add: (atMs: number) => void, fromMs: number, random: Random): number {
  const calmUntilMs = poisson(add, fromMs, fromMs + 10_000, 20, random)
  return poisson(add, calmUntilMs, calmUntilMs + 2000, 500, random)
}

/** Between 10 and 410 rps, along a sine of one minute. */
function tide(add: (atMs: number) => void, fromMs: number, random: Random): number {
  for (let s = 0; s < 60; s++) {
    const rps = 210 - 200 * Math.cos((2 * Math.PI * s) / 60)
    poisson(add, fromMs + s * 1000, fromMs + (s + 1) * 1000, rps, random)
  }
  return fromMs + 60_000
}

/** 30 requests within 8 ms each second, over a background of 30 rps. */
function cron(add: (atMs: number) => void, fromMs: number, random: Random): number {
  for (let i = 0; i < 30; i++) add(fromMs + random.between(0, 8))
  return poisson(add, fromMs, fromMs + 1000, 30, random)
}

/** A request and its sequel 2 to 6 ms later, 15 times a second. */
function pairs(add: (atMs: number) => void, fromMs: number, random: Random): number {
  add(fromMs)
  add(fromMs + random.between(2, 6))
  return fromMs + random.exponential(1000 / 15)
}
