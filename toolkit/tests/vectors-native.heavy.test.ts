import {
  FEATURES,
  type Feature,
  invokeTarget,
  loadVectors,
  type Mode,
  missingFeatures,
  runVector,
  type Target,
  VectorResults,
} from '@lpr/contract/vectors'
import { sdkClient } from '../src/conformance/invoke-client.ts'
import { startLambda, stopLambdas } from '../src/local-lambda/test-functions.ts'
import { nativeFunction } from './native.ts'

const MODES: Mode[] = ['buffered', 'stream', 'interleaved']

/** What the languages cannot say, and so need not be tested for. */
const LANGUAGES: { program: string; without: Feature[] }[] = [
  { program: 'vectors-go', without: ['lone-surrogates', 'node-streams', 'web-streams'] },
  {
    program: 'vectors-rust',
    without: [
      'lone-surrogates',
      'node-streams',
      'non-finite-numbers',
      'throw-anything',
      'unprintable-values',
      'web-streams',
    ],
  },
]

describe.each(LANGUAGES)('$program behind the Invoke API answers as the contract says', (language) => {
  const { program, without } = language
  const features = FEATURES.filter((feature) => !without.includes(feature))
  let target: Target

  beforeAll(async () => {
    const functions = MODES.map((name) => nativeFunction(program, { name, handler: name }))
    const { client } = await startLambda(functions)
    const names = Object.fromEntries(MODES.map((mode) => [mode, mode]))
    target = invokeTarget(features, names, sdkClient(client))
  })
  afterAll(stopLambdas)

  const results = new VectorResults(program.replace('vectors-', 'adapter-'))
  afterAll(() => results.write())

  const cases = loadVectors().flatMap((vector) => {
    const missing = missingFeatures(vector, { features })
    return vector.modes.map((mode) => ({ vector, mode, missing, title: `${vector.name}, ${mode}` }))
  })
  for (const { vector, mode, missing } of cases) {
    if (missing.length > 0) results.notApplicable(vector, mode, missing)
  }

  it.each(cases.filter(({ missing }) => missing.length === 0))('$title', async ({ vector, mode }) => {
    const problems = await runVector(vector, mode, target)
    results.ran(vector, mode, problems)
    expect(problems).toEqual([])
  })
})
