// How long the built router takes from its start to serving, on each Node.js given. No node_modules beside it.
//   npm run start-time -- [node ...]
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    const starts = []
    for (let round = 0; round < ROUNDS; round++)
      starts.push(await startOnce(program, [bundle, '--config', config]))
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()
    const [wall, cpu] = ['wallMs', 'cpuMs'].map((name) => spread(starts.map((start) => start[name])))
    console.log(`router on Node.js ${version}: serves after ${wall} ms, CPU ${cpu} ms (${ROUNDS} starts)`)
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
      if (line.includes('"listening"'))
        return { wallMs: performance.now() - startedAt, cpuMs: cpuTimeMs(child.pid) }
    throw new Error(`${program} ended before it served, exit code ${await closed}`)
  } finally {
    child.kill('SIGKILL')
    await closed
  }
}

/** On a busy machine it tells more than the clock. Linux only; in ticks of 10 ms. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuTimeMs(pid) {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const fields = readFileSync(file, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function spread(values) {
  const sorted = values.map(Math.round).sort((a, b) => a - b)
  return `${sorted[(ROUNDS - 1) / 2]} (${sorted[0]} to ${sorted.at(-1)})`
}
