// Makes contract/src/generated/ from the schema: the validator, compiled ahead of time, and the TypeScript types.
//   node contract/scripts/generate.mjs           writes the files
//   node contract/scripts/generate.mjs --check   fails if they differ from the schema
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { compile } from 'json-schema-to-typescript'

const here = new URL('.', import.meta.url)
const out = new URL('../src/generated/', here)
const schema = JSON.parse(readFileSync(new URL('../schema/manifest.schema.json', here), 'utf8'))
const note = '// Generated from contract/schema/manifest.schema.json by `npm run generate`. Do not edit.\n'

/** The validator fills defaults in, so a validated manifest always has the keys that carry one. */
function withDefaultsRequired(node) {
  if (Array.isArray(node)) return node.map(withDefaultsRequired)
  if (node === null || typeof node !== 'object') return node
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withDefaultsRequired(value)]),
  )
  if (node.properties) {
    const filled = Object.keys(node.properties).filter((key) => node.properties[key].default !== undefined)
    copy.required = [...new Set([...(node.required ?? []), ...filled])]
  }
  return copy
}

function validatorCode() {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: true,
    code: { source: true, esm: true, lines: true },
  })
  const code = standalone.default(ajv, ajv.compile(schema))
  if (code.includes('require('))
    throw new Error('the validator needs a run-time import: avoid that keyword in the schema')
  return `${note}${code}`
}

async function types() {
  const code = await compile(withDefaultsRequired(schema), 'Manifest', { bannerComment: '', format: true })
  return `${note}\n${code}`
}

const files = {
  'manifest-validator.js': validatorCode(),
  'manifest-validator.d.ts': `${note}
export interface SchemaError {
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  message?: string
}
declare const validate: { (data: unknown): boolean; errors?: SchemaError[] | null }
export default validate
`,
  'manifest-schema.js': `${note}export default ${JSON.stringify(schema)}\n`,
  'manifest-schema.d.ts': `${note}\ndeclare const schema: Record<string, unknown>\nexport default schema\n`,
  'manifest-types.ts': await types(),
}

let stale = false
for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, out)
  const same = existsSync(file) && readFileSync(file, 'utf8') === text
  if (process.argv.includes('--check')) {
    if (!same)
      console.error(`contract/src/generated/${name} differs from the schema: run \`npm run generate\``)
    stale ||= !same
  } else if (!same) {
    writeFileSync(file, text)
    console.log(`wrote contract/src/generated/${name}`)
  }
}
process.exitCode = stale ? 1 : 0
