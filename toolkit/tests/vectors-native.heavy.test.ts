import {
  applies,
  FEATURES,
  type Feature,
  invokeTarget,
  loadVectors,
  type Mode,
  runVector,
  type Target,
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

  const vectors = loadVectors().filter((vector) => applies(vector, { features }))
  const cases = vectors.flatMap((vector) => {
    return vector.modes.map((mode) => ({ vector, mode, title: `${vector.name}, ${mode}` }))
  })

  it.each(cases)('$title', async ({ vector, mode }) => {
    expect(await runVector(vector, mode, target)).toEqual([])
  })
})
