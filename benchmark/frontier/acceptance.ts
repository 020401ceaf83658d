import type { Results } from './results.ts'
import { LARGE_PRICE_MS } from './special-cases.ts'

/** One figure that must hold. */
export interface AcceptanceLine {
  what: string
  value: number
  atMost: number
  holds: boolean
}

/** The figures that the adaptive window is held to. */
export function acceptance({ standings, youngKeys, closed, capped, expense }: Results): AcceptanceLine[] {
  const lines: AcceptanceLine[] = []
  const check = (what: string, value: number, atMost: number): void => {
    // NaN does not hold.
    lines.push({ what, value, atMost, holds: value <= atMost })
  }
  for (const { policy, maxBatchSize, priceMs, geometricMean, worst } of standings) {
    if (policy !== 'gap-stop' || maxBatchSize !== 64) continue
    check(`K ${priceMs} ms: cost over the optimum, geometric mean`, geometricMean, 1.27)
    check(`K ${priceMs} ms: cost over the optimum, worst pattern`, worst, 1.42)
  }
  for (const { priceMs, geometricMean } of youngKeys) {
    check(`K ${priceMs} ms: the first 20 requests of a key over the optimum`, geometricMean, 1.45)
  }
  for (const { name, priceMs, meanWaitMs } of closed) {
    if (name.startsWith('one ')) check(`K ${priceMs} ms: ${name}, mean added wait in ms`, meanWaitMs, 0.1)
  }
  for (const { maxWaitMs, price, worstInvocations, worstCost, longestWaitMs } of capped) {
    if (price === LARGE_PRICE_MS) {
      check(`K large, cap ${maxWaitMs} ms: cost over the fixed window's, worst pattern`, worstCost, 1.01)
      check(
        `K large, cap ${maxWaitMs} ms: invocations over the fixed window's, worst pattern`,
        worstInvocations,
        1.01,
      )
    }
    // A billionth for the rounding of sums of times.
    check(`K ${price}, cap ${maxWaitMs} ms: longest wait over the cap`, longestWaitMs / maxWaitMs, 1 + 1e-9)
  }
  check('policy CPU per request in µs', expense.cpuUs, 3)
  return lines
}
