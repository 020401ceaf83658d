import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Instance } from './instance.ts'
import { manifestOf } from './rig.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The distinct priorities of a process's threads, by name: 0 is normal, higher ones give way (proc_pid_stat(5)). */
async function nicenessByName(pid: number): Promise<Record<string, number[]>> {
  const byName: Record<string, number[]> = {}
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'latin1')
    const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(stat) ?? []
    const niceness = Number(rest.split(' ')[16])
    byName[name] = [...new Set([...(byName[name] ?? []), niceness])]
  }
  return byName
}

test('Threads on which V8 compiles and collects give way to the event loop, where they can be told apart', async () => {
  execFileSync(process.execPath, ['scripts/build.mjs', 'router'], { cwd: ROOT, stdio: 'pipe' })
  const directory = await mkdtemp(join(tmpdir(), 'lpr-helper-threads-'))
  let instance: Instance | undefined
  try {
    const config = join(directory, 'config.json')
    await writeFile(config, JSON.stringify(manifestOf({ lpr: { maxBatchSize: 4, maxWaitMs: 5 } })))
    instance = await Instance.start(`${ROOT}router/dist/lpr-router.mjs`, config)
    const { V8Worker: helpers, ...others } = await nicenessByName(instance.pid)
    // Node.js 20 calls all threads by one name, so that there is nothing to go by.
    const named = 'V8Worker' in (await nicenessByName(process.pid))
    expect(helpers).toEqual(named ? [getPriority() + 10] : undefined)
    expect([...new Set(Object.values(others).flat())]).toEqual([getPriority()])
  } finally {
    instance?.kill()
    await rm(directory, { recursive: true })
  }
}, 30_000)
