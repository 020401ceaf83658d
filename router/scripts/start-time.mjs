// How long the built router takes from its start to serving, on each Node.js given. No node_modules beside it.
//   npm run start-time -- [node ...]
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROUNDS = 11
const given = process.argv.slice(2)
const programs = given.length > 0 ? given : [process.execPath]

const directory = mkdtempSync(join(tmpdir(), 'lpr-start-'))
try {
  const bundle = join(directory, 'lpr-router.mjs')
  const config = join(directory, 'config.json')
  cpSync(fileURLToPath(new URL('../dist/lpr-router.mjs', import.meta.url)), bundle)
  writeFileSync(config, JSON.stringify({ ListenAddr: '127.0.0.1:0', Spec: { paths: {} } }))
  for (const program of programs) {
    const times = []
    for (let round = 0; round < ROUNDS; round++)
      times.push(await startOnce(program, [bundle, '--config', config]))
    times.sort((a, b) => a - b)
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
    const [least, median, most] = [times[0], times[(ROUNDS - 1) / 2], times.at(-1)].map(Math.round)
    console.log(
      `router on Node.js ${version}: serves after ${median} ms (median of ${ROUNDS}, ${least} to ${most})`,
    )
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function startOnce(program, args) {
  const startedAt = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = new Promise((resolve) => child.once('close', resolve))
  try {
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('"listening"')) return performance.now() - startedAt
    throw new Error(`${program} ended before it served, exit code ${await closed}`)
  } finally {
    child.kill('SIGKILL')
    await closed
  }
}
