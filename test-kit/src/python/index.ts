export { Moto } from './moto.ts'
export { pythonProgram, runPython } from './python.ts'
export { type LintError, lintTemplates, translateSam, type Unlinted, type Untranslated } from './templates.ts'
