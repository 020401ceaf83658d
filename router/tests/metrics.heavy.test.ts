import { runPython } from '@lpr/test-kit/python'
import { EVERYTHING, happen, metricsPage, startMetered } from './metrics-scene.ts'

interface Family {
  name: string
  type: string
  help: string
  samples: number
}

test("Prometheus's own parser accepts /metrics, and no name or type is against its conventions", async () => {
  const metered = await startMetered(EVERYTHING)
  await happen(metered)
  const page = await (await metricsPage(metered)).text()
  await metered.finish()
  const families = (await runPython('parse_metrics.py', page)) as Family[]
  expect(families.length).toBeGreaterThan(15)
  for (const { name, type, help, samples } of families) {
    expect([name, samples]).not.toEqual([name, 0])
    expect(['counter', 'gauge', 'histogram']).toContain(type)
    expect([name, help]).not.toEqual([name, ''])
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    // Base units only, and never a unit or a type in the middle of a name.
    expect(name).not.toMatch(/milliseconds|_ms$|kilobytes|percent|_count$|_sum$|_bucket$|histogram|gauge/)
  }
  expect(page).not.toMatch(/NaN|undefined/)
})
