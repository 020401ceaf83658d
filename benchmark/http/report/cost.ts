/** Prices of us-east-1 in US dollars, x86, as of 2025; https://aws.amazon.com/lambda/pricing and /fargate/pricing. */
const PER_INVOCATION = 0.2 / 1e6
const PER_GB_SECOND = 0.0000166667
const PER_VCPU_HOUR = 0.04048

export interface CostFacts {
  invocationsPerRequest: number
  /** Billed time of an invocation. */
  functionMs: number
  memoryGb: number
  routerCpuUsPerRequest: number
  /** Share of the container's CPU that does work; the rest is paid for as well. */
  utilisation: number
}

/** Dollars a million requests, Lambda and router together. */
export function costOfMillion(facts: CostFacts): number {
  const { invocationsPerRequest, functionMs, memoryGb, routerCpuUsPerRequest, utilisation } = facts
  const perInvocation = PER_INVOCATION + (functionMs / 1000) * memoryGb * PER_GB_SECOND
  const router = ((routerCpuUsPerRequest / 1e6 / 3600) * PER_VCPU_HOUR) / utilisation
  return 1e6 * (invocationsPerRequest * perInvocation + router)
}

/** The same requests, each with an invocation of its own and no router. */
export function directCostOfMillion({
  functionMs,
  memoryGb,
}: Pick<CostFacts, 'functionMs' | 'memoryGb'>): number {
  return costOfMillion({
    invocationsPerRequest: 1,
    functionMs,
    memoryGb,
    routerCpuUsPerRequest: 0,
    utilisation: 1,
  })
}
