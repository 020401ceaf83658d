import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runDrainRounds } from './drain/rounds.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('Routers are replaced under load, with streams open, and no request fails', async () => {
  execFileSync(process.execPath, ['scripts/build.mjs', 'router'], { cwd: ROOT, stdio: 'pipe' })
  const rounds = await runDrainRounds({ rounds: 2, bundle: `${ROOT}router/dist/lpr-router.mjs` })
  expect(rounds.map(({ failures, exitCode }) => ({ failures, exitCode }))).toEqual([
    { failures: [], exitCode: 0 },
    { failures: [], exitCode: 0 },
  ])
  for (const { requests } of rounds) expect(requests).toBeGreaterThan(0)
}, 60_000)
