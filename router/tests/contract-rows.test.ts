import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_KINDS } from '../src/index.ts'

const root = join(import.meta.dirname, '../..')
const self = 'contract-rows.test.ts'

function testFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules') && !name.endsWith(self))
    .map((name) => join(directory, name))
}

const tests = [...testFiles(join(root, 'router')), ...testFiles(join(root, 'contract'))]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

const schema = JSON.parse(readFileSync(join(root, 'contract/schema/manifest.schema.json'), 'utf8'))
const keysOf = (name: string): string[] => Object.keys(schema.$defs[name].properties)
const rows = {
  'config key': [
    ...Object.keys(schema.properties),
    ...Object.keys(schema.properties.ForwardHeaders.properties),
  ],
  'x-lpr key': ['BatchSettings', 'DynamicWait', 'AdaptiveWait', 'Retry'].flatMap(keysOf),
  'error code': Object.keys(ERROR_KINDS),
  'flush reason': ['size', 'window', 'payload', 'drain', 'immediate'],
}

test.each(Object.entries(rows))('every %s has a test that names it', (_, names) => {
  const named = (name: string): boolean => new RegExp(`(?<![A-Za-z])${name}(?![A-Za-z])`).test(tests)
  expect(names.filter((name) => !named(name))).toEqual([])
})
