import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SCENARIOS } from '../scenarios/index.ts'
import { manifestOf } from '../scenarios/scenario.ts'
import { IMAGE_ENV, IMAGE_FLAGS, parseSubject, profiled, subjectsOf } from './subject.ts'

const FILES = {
  router: 'router.mjs',
  bare: 'bare.mjs',
  direct: 'direct.mjs',
  alone: 'alone.mjs',
  least: 'least.mjs',
}

test('another router is given as a name and a command', () => {
  expect(parseSubject('other=/opt/other --fast')).toMatchObject({
    name: 'other',
    command: ['/opt/other', '--fast'],
  })
  expect(() => parseSubject('/opt/other')).toThrow('expected name=command')
})

test('it runs beside ours, however much of that is watched', () => {
  const scenario = SCENARIOS.find(({ name }) => name === 'buffered-b16')
  if (scenario === undefined) throw new Error('no scenario')
  const subjects = subjectsOf(scenario, FILES, [parseSubject('other=/opt/other')])
  expect(subjects.map(({ name }) => name)).toEqual([
    'router',
    'bare',
    'direct',
    'observed',
    'traced',
    'other',
  ])
  const [plain, , , observed, traced] = subjects
  expect(manifestOf(scenario, 1, plain?.config)).toMatchObject({ LogLevel: 'error' })
  expect(manifestOf(scenario, 1, observed?.config)).toMatchObject({
    LogLevel: 'info',
    AdminListenAddr: '127.0.0.1:0',
  })
  expect(traced?.env).toMatchObject({ OTEL_TRACES_SAMPLER_ARG: '0.01' })
})

test('Node.js 24 is given what the image gives it', () => {
  const dockerfile = readFileSync(join(import.meta.dirname, '../../../router/Dockerfile'), 'utf8')
  const [, entryPoint = ''] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? []
  expect(JSON.parse(entryPoint)).toEqual(['node', ...IMAGE_FLAGS, '/lpr-router.mjs'])
  for (const [name, value] of Object.entries(IMAGE_ENV)) expect(dockerfile).toMatch(`${name}=${value}`)
})

test('only what Node runs can be profiled', () => {
  const ours = { name: 'router', command: [process.execPath, 'router.mjs'], env: {} }
  expect(profiled(ours, '/tmp/p').command).toEqual(
    expect.arrayContaining(['--cpu-prof', '--cpu-prof-dir=/tmp/p', 'router.mjs']),
  )
  const other = parseSubject('other=/opt/other')
  expect(profiled(other, '/tmp/p')).toBe(other)
})
