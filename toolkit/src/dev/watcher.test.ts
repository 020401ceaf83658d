import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SourceWatcher } from './watcher.ts'

let dir: string
let watcher: SourceWatcher
let changes: AsyncGenerator<Set<string>>

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'lpr-watch-')))
  mkdirSync(join(dir, 'lib', 'node_modules'), { recursive: true })
  for (const name of ['app.ts', 'other.ts', 'lib/a.ts']) writeFileSync(join(dir, name), '')
  const queue: Set<string>[] = []
  let wake = (): void => {}
  watcher = new SourceWatcher((paths) => {
    queue.push(paths)
    wake()
  })
  changes = (async function* () {
    for (;;) {
      const next = queue.shift()
      if (next) yield next
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  })()
})
afterEach(() => {
  watcher.close()
  rmSync(dir, { recursive: true, force: true })
})

async function nextChange(): Promise<string[]> {
  const { value } = await changes.next()
  return [...(value ?? [])].map((path: string) => path.slice(dir.length + 1))
}

test('a file that is written is reported', async () => {
  watcher.watch([join(dir, 'app.ts')])
  writeFileSync(join(dir, 'app.ts'), 'changed')
  expect(await nextChange()).toContain('app.ts')
})

test('a file that an editor replaces by a new one is reported, again and again', async () => {
  watcher.watch([join(dir, 'app.ts')])
  for (const text of ['one', 'two']) {
    writeFileSync(join(dir, 'app.ts~'), text)
    renameSync(join(dir, 'app.ts~'), join(dir, 'app.ts'))
    expect(await nextChange()).toContain('app.ts')
  }
})

test('several changes in one moment are reported together', async () => {
  watcher.watch([join(dir, 'app.ts'), join(dir, 'lib')])
  for (const name of ['app.ts', 'lib/a.ts']) writeFileSync(join(dir, name), 'changed')
  expect((await nextChange()).sort()).toEqual(['app.ts', 'lib/a.ts'])
})

test('what is no longer a source is no longer reported, what is new is', async () => {
  watcher.watch([join(dir, 'app.ts')])
  watcher.watch([join(dir, 'lib', 'a.ts')])
  writeFileSync(join(dir, 'app.ts'), 'changed')
  writeFileSync(join(dir, 'lib', 'a.ts'), 'changed')
  expect(await nextChange()).toEqual(['lib/a.ts'])
})

test('installed packages inside a source directory are left alone', async () => {
  watcher.watch([join(dir, 'lib')])
  writeFileSync(join(dir, 'lib', 'node_modules', 'p.js'), 'installed')
  writeFileSync(join(dir, 'lib', 'a.ts'), 'changed')
  expect(await nextChange()).toEqual(['lib/a.ts'])
})
