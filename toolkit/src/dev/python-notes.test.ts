import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BuiltFunction } from './prepare.ts'
import { pythonNotes } from './python-notes.ts'

const codeDir = mkdtempSync(join(tmpdir(), 'lpr-python-notes-'))
afterAll(() => rmSync(codeDir, { recursive: true, force: true }))

function notesOf(runtime: string, requirements: string): string[] {
  writeFileSync(join(codeDir, 'requirements.txt'), requirements)
  const fn = { settings: { logicalId: 'Fn', runtime }, bundle: { codeDir } } as BuiltFunction
  return pythonNotes({ functions: new Map([['Fn', fn]]) })
}

test('a Python function that asks for packages is named', () => {
  const note = 'Fn: its requirements.txt is not installed; run lpr in a virtual environment that has it'
  expect(notesOf('python3.13', '# for the database\n\nboto3\n')).toEqual([note])
})

test.each([
  ['python3.13', '# nothing\n\n'],
  ['nodejs24.x', 'boto3'],
])('a function of %s with the requirements %j is not', (runtime, requirements) => {
  expect(notesOf(runtime, requirements)).toEqual([])
})
