import { acceptance } from './acceptance.ts'
import { frontierChart, meansChart, ratiosChart } from './charts.ts'
import type { Results } from './results.ts'
import { summary } from './summary.ts'

/** Every file of a run, by name. */
export function report(results: Results): Record<string, string> {
  const lines = acceptance(results)
  return {
    'results.json': `${JSON.stringify({ ...results, acceptance: lines }, null, 1)}\n`,
    'summary.md': summary(results, lines),
    'ratios.svg': ratiosChart(results),
    'means.svg': meansChart(results),
    'frontier.svg': frontierChart(results),
  }
}
