import { gaps, type Part, type Pattern, parts } from './patterns.ts'

/** Patterns on which no constant of the policy was chosen. They are only reported. */
export const HELD_OUT: Pattern[] = [
  gaps('gaps of 0 to 40 ms', (random) => random.between(0, 40)),
  gaps('gamma gaps', (random) => random.exponential(7.5) + random.exponential(7.5)),
  gaps('3 ms or 80 ms', (random) => (random.uniform() < 0.6 ? random.between(2, 4) : random.between(70, 90))),
  gaps('Weibull gaps', (random) => 8 * random.exponential(1) ** 2),
  parts(
    '10 fast, 10 slow',
    sequence(20, (i, random) => random.exponential(i < 10 ? 1 : 60)),
  ),
  parts(
    '50 fast, 50 slow',
    sequence(100, (i, random) => random.exponential(i < 50 ? 2 : 60)),
  ),
  parts(
    'bursts of 100',
    sequence(100, (i, random) => random.exponential(i > 0 ? 0.2 : 400)),
  ),
  parts(
    'triples',
    sequence(3, (i, random) => (i > 0 ? 10 : random.between(50, 200))),
  ),
  parts(
    '8 at once',
    sequence(8, (i, random) => (i > 0 ? 0 : random.exponential(50))),
  ),
  parts(
    'chains',
    sequence(6, (i, random) => (i > 0 ? random.between(20, 30) : random.exponential(300))),
  ),
  parts(
    'saw',
    sequence(30, (i) => i + 1),
  ),
  parts(
    '4, then 3 more',
    sequence(7, (i, random) =>
      i === 4 ? random.between(35, 45) : i > 0 ? random.between(0, 3) : random.exponential(250),
    ),
  ),
  parts('100 heartbeats', heartbeats),
  parts('background and fan-out', fanOut),
]

/** Rounds of so many arrivals, each after the gap before it. */
function sequence(length: number, gapMs: (index: number, random: Parameters<Part>[2]) => number): Part {
  return (add, fromMs, random) => {
    let atMs = fromMs
    for (let i = 0; i < length; i++) {
      atMs += gapMs(i, random)
      add(atMs)
    }
    return atMs
  }
}

/** Clients that each send once a second. */
function heartbeats(add: (atMs: number) => void, fromMs: number, random: Parameters<Part>[2]): number {
  for (let client = 0; client < 100; client++) {
    const phaseMs = fromMs + random.between(0, 1000)
    for (let i = 0; i < 50; i++) add(phaseMs + 1000 * i + random.between(0, 3))
  }
  return fromMs + 50_000
}

function fanOut(add: (atMs: number) => void, fromMs: number, random: Parameters<Part>[2]): number {
  for (let i = 0; i < 9; i++) add(fromMs + random.between(0, 20))
  const untilMs = fromMs + random.exponential(500)
  for (let atMs = fromMs + random.exponential(100); atMs < untilMs; atMs += random.exponential(100)) add(atMs)
  return untilMs
}
