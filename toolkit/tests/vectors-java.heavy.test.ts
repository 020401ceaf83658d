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
import { javaFunction } from './java.ts'

const CLASSES: Record<Mode, string> = {
  buffered: 'vectors.VectorFunction$Buffered',
  stream: 'vectors.VectorFunction$Streamed',
  interleaved: 'vectors.VectorFunction$Interleaved',
}
const NOT_IN_JAVA: Feature[] = ['node-streams', 'web-streams', 'throw-anything']

describe("a Java function behind the Invoke API, with Lambda's own runtime client, answers as the contract says", () => {
  const features = FEATURES.filter((feature) => !NOT_IN_JAVA.includes(feature))
  let target: Target

  beforeAll(async () => {
    const modes = Object.entries(CLASSES)
    const functions = modes.map(([mode, handler]) => ({ ...javaFunction(handler), name: mode }))
    const { client } = await startLambda(functions)
    const names = Object.fromEntries(modes.map(([mode]) => [mode, mode]))
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
