import { type Manifest, validateManifest } from '@lpr/contract'
import { SCENARIOS } from './index.ts'
import { manifestOf } from './scenario.ts'

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s has a valid manifest',
  (_name, scenario) => {
    const { manifest, problems } = validateManifest(manifestOf(scenario, 8080))
    expect(problems).toEqual([])
    expect(Object.keys((manifest as Manifest).Spec.paths)).toHaveLength(scenario.shape.routes)
  },
)

test('names are unique, and the short set has all that the aims need', () => {
  const names = SCENARIOS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  const short = SCENARIOS.filter((scenario) => scenario.short).map(({ name }) => name)
  expect(short).toEqual(
    expect.arrayContaining([
      'buffered-b1',
      'buffered-b16',
      'load-50',
      'sse-1000',
      'inflight-4096',
      'overload-5x',
    ]),
  )
})
