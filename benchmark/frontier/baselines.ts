import { adaptiveWindow } from '../../router/src/batching/adaptive-window.ts'
import { dynamicWindow, fixedWindow, type WindowPolicy } from '../../router/src/batching/window.ts'

/** A way to get a fresh policy, with the name of its setting. */
export interface Candidate {
  name: string
  create(): WindowPolicy
}

/** The policy under test, with a cap that never binds: no batch may add up to more than twice the price anyway. */
export function gapStop(priceMs: number, maxBatchSize: number): Candidate {
  const create = (): WindowPolicy => adaptiveWindow({ invocationPriceMs: priceMs }, 2 * priceMs, maxBatchSize)
  return { name: `K ${priceMs} ms`, create }
}

/** Flushes when the waits in the batch add up to the price, which never costs more than twice the optimum. */
export function areaRule(priceMs: number): Candidate {
  const policy: WindowPolicy = {
    stateful: false,
    arrival: (_nowMs, { size, arrivalSumMs }) => (priceMs + arrivalSumMs) / size,
  }
  return { name: `K ${priceMs} ms`, create: () => policy }
}

const FIXED_MS = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200]

export const FIXED: Candidate[] = FIXED_MS.map((waitMs) => ({
  name: `${waitMs} ms`,
  create: () => fixedWindow(waitMs),
}))

const SIGMOID = { minWaitMs: [0, 1], maxWaitMs: [10, 20, 40, 80, 160], targetRps: [20, 50, 100, 200, 500] }
/** 0.01 is the router's default. */
const STEEPNESS = [0.005, 0.01, 0.02, 0.05]

export const SIGMOIDS: Candidate[] = SIGMOID.minWaitMs.flatMap((minWaitMs) =>
  SIGMOID.maxWaitMs.flatMap((maxWaitMs) =>
    SIGMOID.targetRps.flatMap((targetRps) =>
      STEEPNESS.map((steepness) => ({
        name: `${minWaitMs} to ${maxWaitMs} ms, target ${targetRps} rps, steepness ${steepness}`,
        create: () => sigmoid({ minWaitMs, targetRps, steepness }, maxWaitMs),
      })),
    ),
  ),
)

function sigmoid(
  settings: { minWaitMs: number; targetRps: number; steepness: number },
  maxWaitMs: number,
): WindowPolicy {
  return dynamicWindow({ ...settings, samplingIntervalMs: 100, smoothingSamples: 10 }, maxWaitMs)
}
