// Writes the reference tables from the schema and the code.
//   node scripts/docs.mjs           writes docs/configuration.md and docs/errors.md
//   node scripts/docs.mjs --check   fails if they differ
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const root = new URL('../', import.meta.url)
const schema = JSON.parse(readFileSync(new URL('contract/schema/manifest.schema.json', root), 'utf8'))

function table(definition) {
  const required = new Set(definition.required ?? [])
  const rows = Object.entries(definition.properties)
    .filter(([, property]) => property.description !== undefined || property.$ref !== undefined)
    .map(([name, property]) => row(name, property, required.has(name)))
  return ['| key | type | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function row(name, property, required) {
  const target = property.$ref && schema.$defs[property.$ref.split('/').at(-1)]
  const type = target ? `[${target.title}](#${target.title.toLowerCase()})` : typeOf(property)
  const fallback = required
    ? 'required'
    : property.default === undefined
      ? ''
      : `\`${JSON.stringify(property.default)}\``
  return `| \`${name}\` | ${type} | ${fallback} | ${(property.description ?? target.description).replaceAll('|', '\\|')} |`
}

function typeOf({ type, enum: values, minimum, exclusiveMinimum, maximum, items }) {
  if (values) return values.map((value) => `\`${value}\``).join(', ')
  if (type === 'array') return items?.enum ? `list of ${typeOf(items)}` : 'list'
  if (type === 'object') return 'map'
  const low =
    exclusiveMinimum === undefined ? (minimum === undefined ? '' : `>= ${minimum}`) : `> ${exclusiveMinimum}`
  const bounds = [low, maximum === undefined ? '' : `<= ${maximum}`].filter(Boolean).join(', ')
  return bounds ? `${type}, ${bounds}` : type
}

function configuration() {
  const sections = Object.values(schema.$defs).map((definition) =>
    [
      `## ${definition.title}`,
      definition.description,
      definition.title === 'PathItem' ? methods(definition) : table(definition),
    ].join('\n\n'),
  )
  return [
    '# Configuration',
    'Generated from `contract/schema/manifest.schema.json` by `npm run generate`. Strings that hold a number or a boolean are taken as such. ' +
      'Unknown keys are errors. All mistakes are reported at once, each with its path.',
    '## Manifest',
    table(schema),
    '### ForwardHeaders',
    table(schema.properties.ForwardHeaders),
    ...sections,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function methods(definition) {
  const names = Object.keys(definition.properties).filter((name) => definition.properties[name].$ref)
  return `Each of ${names.map((name) => `\`${name}\``).join(', ')} holds an [Operation](#operation). HEAD is served by \`get\` where it has no operation of its own.`
}

async function errors() {
  const bundle = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('router/src/errors.ts', root))],
    bundle: true,
    format: 'esm',
    write: false,
  })
  const { ERROR_KINDS } = await import(
    `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`
  )
  const rows = Object.entries(ERROR_KINDS).map(
    ([code, { status, title, fault, when, remedy, retryAfterSeconds }]) =>
      `| \`${code}\` | ${status}${retryAfterSeconds ? ' + `Retry-After`' : ''} | ${fault} | ${title} | ${when} | ${remedy} |`,
  )
  return [
    '# Errors',
    'Generated from `router/src/errors.ts` by `npm run generate`. Every error that the router makes is a problem document (RFC 9457, ' +
      '`application/problem+json`) with `type`, `title`, `status`, `code` and `requestId`; the header `x-lpr-error` repeats the code. ' +
      'What went wrong in detail is in the log, under the same request id.',
    [
      '| code | status | fault | title | when | what to do |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    'After the response head has been sent there is no status left to change: the connection is reset, so that a cut-off response never looks whole.\n',
  ].join('\n\n')
}

let stale = false
for (const [name, text] of [
  ['docs/configuration.md', configuration()],
  ['docs/errors.md', await errors()],
]) {
  const file = new URL(name, root)
  let current = ''
  try {
    current = readFileSync(file, 'utf8')
  } catch {
    // Not written yet.
  }
  if (current === text) continue
  if (process.argv.includes('--check')) {
    console.error(`${name} differs from the code: run \`npm run generate\``)
    stale = true
  } else {
    writeFileSync(file, text)
    console.log(`wrote ${name}`)
  }
}
process.exitCode = stale ? 1 : 0
