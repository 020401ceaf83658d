import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { CorePair } from './core-pair.ts'

let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lpr-cores-'))
  const entry = fileURLToPath(new URL('./job.ts', import.meta.url))
  await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(directory, 'job.mjs'),
  })
})
afterAll(() => rmSync(directory, { recursive: true }))

test('how much longer work takes on both cores at once is measured with two processes, as often as asked', async () => {
  const pair = new CorePair(join(directory, 'job.mjs'))
  try {
    const slowdowns = [await pair.slowdown(), await pair.slowdown()]
    for (const slowdown of slowdowns) {
      expect(slowdown).toBeGreaterThan(0)
      expect(slowdown).toBeLessThan(Number.POSITIVE_INFINITY)
    }
  } finally {
    pair.stop()
  }
})
