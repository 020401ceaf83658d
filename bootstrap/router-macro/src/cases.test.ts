import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jest } from '@jest/globals'
import { readCase, runCase } from '../scripts/case.mjs'
import { handler, type MacroEvent } from './app.ts'

const directory = join(dirname(dirname(fileURLToPath(import.meta.url))), 'cases')
const names = readdirSync(directory).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []))

/** The expansion has to be the same in each: whatever depends on the place is left to CloudFormation. */
const PLACES = [
  { region: 'us-east-1', accountId: '123456789012' },
  { region: 'cn-north-1', accountId: '210987654321' },
  { region: 'us-gov-west-1', accountId: '111122223333' },
]

const run = (name: string, place: Record<string, string> = PLACES[0] ?? {}) =>
  runCase((event) => handler(event as unknown as MacroEvent) as never, read(name), place)

beforeAll(() => void jest.spyOn(console, 'log').mockImplementation(() => undefined))
afterAll(() => jest.restoreAllMocks())

function read(name: string) {
  return readCase(readFileSync(join(directory, `${name}.yaml`), 'utf8'))
}

function expected(name: string) {
  return JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8')) as { errorMessage?: string }
}

describe.each(names)('case %s', (name) => {
  test('yields its golden output, to the letter, in every partition', async () => {
    for (const place of PLACES) {
      const result = await run(name, place)
      expect(JSON.stringify(result, null, 2)).toBe(JSON.stringify(expected(name), null, 2))
    }
  })

  test('fails if its name says so, and only then', () => {
    expect(expected(name).errorMessage !== undefined).toBe(name.startsWith('error_'))
  })

  test('leaves the template that came in as it was', async () => {
    const input = read(name)
    const before = JSON.stringify(input.fragment)
    await runCase((event) => handler(event as unknown as MacroEvent) as never, input, PLACES[0] ?? {})
    expect(JSON.stringify(input.fragment)).toBe(before)
  })

  test('names no partition that its input does not name', () => {
    const arns = (text: string) => new Set(text.match(/arn:aws[a-z-]*:[a-z]+/g))
    const given = arns(JSON.stringify(read(name)))
    const made = arns(JSON.stringify(expected(name)))
    expect([...made].filter((arn) => !given.has(arn))).toEqual([])
  })
})

const errors = names.filter((name) => name.startsWith('error_'))

test('there are golden cases for both outcomes', () => {
  expect(names.length - errors.length).toBeGreaterThanOrEqual(20)
  expect(errors.length).toBeGreaterThanOrEqual(20)
})

test.each(errors)('every mistake in %s is told in one line, starting with its place', (name) => {
  const { errorMessage = '' } = expected(name)
  expect(errorMessage).not.toMatch(/\n/)
  const logicalIds = Object.keys(read(name).fragment.Resources as object)
  for (const message of errorMessage.split('; ')) {
    const [place = ''] = message.split(': ')
    expect(logicalIds.some((id) => place === id || place.startsWith(`${id}.`))).toBe(true)
  }
})

test.each(names.filter((name) => !name.startsWith('error_')))(
  '%s expands to the same bytes twice',
  async (name) => {
    expect(JSON.stringify(await run(name))).toBe(JSON.stringify(await run(name)))
  },
)
