import fc from 'fast-check'
import { validateManifest } from './index.ts'

const good = {
  ListenAddr: ':8080',
  ForwardHeaders: { Allow: ['a'] },
  DefaultKey: ['header:x'],
  Spec: {
    paths: {
      '/a/{id}': {
        get: {
          'x-target-lambda': 'arn:aws:lambda:us-east-1:123456789012:function:f',
          'x-lpr': {
            maxWaitMs: 5,
            maxBatchSize: 2,
            key: ['path:id'],
            dynamicWait: { minWaitMs: 1 },
            retry: { maxAttempts: 2, on: ['throttle'] },
          },
        },
      },
    },
  },
}

/** Every place in a document, as the keys that lead to it. */
function places(node: unknown, path: string[] = []): string[][] {
  if (typeof node !== 'object' || node === null) return [path]
  return [path, ...Object.entries(node).flatMap(([key, value]) => places(value, [...path, key]))]
}

function replaced(node: unknown, path: string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, value)
  return copy
}

test('no document makes the validator throw, and a document with problems never comes back as valid', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (document) => {
      const { problems, manifest } = validateManifest(document)
      expect(manifest === undefined).toBe(problems.length > 0)
    }),
    { numRuns: 1000 },
  )
})

test('a good manifest with anything put anywhere is either valid or has a problem with a message', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(undefined, Number.NaN, '', ' 5 ', '5', {}, [], { Ref: 'X' }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...places(good)), value, (path, anything) => {
      const document = replaced(good, path, anything)
      for (const intrinsics of [false, true]) {
        const { problems, manifest } = validateManifest(document, { intrinsics })
        expect(manifest === undefined).toBe(problems.length > 0)
        for (const { message } of problems) expect(message).toMatch(/\w/)
      }
    }),
    { numRuns: 2000 },
  )
})
