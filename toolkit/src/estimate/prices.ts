/** Prices in USD. */
export interface Prices {
  /** Lambda, per million invocations. */
  requestsPerMillion: number
  /** Lambda, per GB-second of duration. */
  gbSecond: number
  /** What stands before functions that are invoked directly, per million requests: nothing for function URLs. */
  directPerMillion: number
  /** One instance of the router, per hour. */
  routerHour: number
}

export const ARCHITECTURES = ['x86_64', 'arm64'] as const

export type Architecture = (typeof ARCHITECTURES)[number]

/**
 * List prices of us-east-1, first tier, without free tier, savings plans and taxes. Lambda:
 * https://aws.amazon.com/lambda/pricing/; the router: 1 vCPU and 2 GB of App Runner, always active:
 * https://aws.amazon.com/apprunner/pricing/
 */
export function listPrices(architecture: Architecture): Prices {
  const gbSecond = { x86_64: 0.0000166667, arm64: 0.0000133334 }[architecture]
  return { requestsPerMillion: 0.2, gbSecond, directPerMillion: 0, routerHour: 0.064 + 2 * 0.007 }
}
