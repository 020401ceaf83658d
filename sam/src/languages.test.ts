import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { lprOfLanguages, onceOfLanguages, ROUTES } from './languages-testing.ts'

let bin: string

/** A PATH with `make` alone: none of the toolchains. */
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'lpr-languages-'))
  const make = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'make'))
    .find(existsSync)
  symlinkSync(make ?? '', join(bin, 'make'))
})
afterEach(() => rmSync(bin, { recursive: true, force: true }))

test('the stack of the other languages expands to a service and a publisher with all routes', async () => {
  const { status, stdout } = await lprOfLanguages('expand', ['-o', 'json'], { PATH: bin })
  expect(status).toBe(0)
  for (const route of ROUTES) expect(stdout).toContain(`"${route}"`)
  expect(stdout).not.toContain('Lpr::Router::Service')
})

test('without their toolchains all functions are skipped, each with its remedy, and nothing is wrong', async () => {
  const { status, report, stderr } = await onceOfLanguages({ PATH: bin })
  const go = 'no go on the PATH: install Go 1.26 or later (https://go.dev/dl)'
  const rust = 'no cargo on the PATH: install Rust 1.95 or later (https://rustup.rs)'
  const java = 'no Maven with a Java on the PATH: install Maven and a JDK 21 or later'
  const skipped = [go, go, rust, rust, java]
  expect(report).toMatchObject({
    ok: true,
    routes: ROUTES.map((path, index) => ({ path, requests: 0, skipped: skipped[index] })),
  })
  expect(status).toBe(0)
  expect(stderr).not.toMatch(/make|\[Buffering/)
})
