import { SCENARIOS } from '../scenarios/index.ts'
import { parseSubject, profiled, subjectsOf } from './subject.ts'

const FILES = { router: 'router.mjs', bare: 'bare.mjs', direct: 'direct.mjs' }

test('another router is given as a name and a command', () => {
  expect(parseSubject('other=/opt/other --fast')).toMatchObject({
    name: 'other',
    command: ['/opt/other', '--fast'],
  })
  expect(() => parseSubject('/opt/other')).toThrow('expected name=command')
})

test('it runs beside ours, with what the scenario sets', () => {
  const traced = SCENARIOS.find(({ name }) => name === 'traced')
  if (traced === undefined) throw new Error('no scenario')
  const subjects = subjectsOf(traced, FILES, [parseSubject('other=/opt/other')])
  expect(subjects.map(({ name }) => name)).toEqual(['router', 'other'])
  expect(subjects[1]?.env).toEqual(traced.env)
  expect(subjects[0]?.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT).toBeDefined()
})

test('only what Node runs can be profiled', () => {
  const ours = { name: 'router', command: [process.execPath, 'router.mjs'], env: {} }
  expect(profiled(ours, '/tmp/p').command).toEqual(
    expect.arrayContaining(['--cpu-prof', '--cpu-prof-dir=/tmp/p', 'router.mjs']),
  )
  const other = parseSubject('other=/opt/other')
  expect(profiled(other, '/tmp/p')).toBe(other)
})
