// Starts a golden case, or brings the expected output of existing ones up to date.
//   node bootstrap/router-macro/scripts/new-case.mjs NAME [NAME ...]   (error_NAME for one that must fail)
//   node bootstrap/router-macro/scripts/new-case.mjs --all
// Read the difference before you commit it: the golden files are the macro's contract.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'
import { readCase, runCase } from './case.mjs'

const START = `# What this case shows.
Resources:
  Router:
    Type: Lpr::Router::Service
    Properties:
      RouterConfig: {}
      Spec:
        paths:
          /orders/{id}:
            get:
              x-target-lambda: !GetAtt Orders.Arn
              x-lpr: { maxWaitMs: 25, maxBatchSize: 4 }
  Orders:
    Type: AWS::Serverless::Function
`

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cases = join(root, 'cases')
const wanted = process.argv.slice(2)
if (wanted.length === 0) {
  console.error('usage: new-case.mjs NAME ... | --all')
  process.exit(2)
}
const names = wanted.includes('--all')
  ? readdirSync(cases).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []))
  : wanted

const handler = await loadHandler()
console.log = () => undefined
for (const name of names) {
  const input = join(cases, `${name}.yaml`)
  if (!existsSync(input)) writeFileSync(input, START)
  const place = { region: 'eu-central-1', accountId: '123456789012' }
  const result = await runCase(handler, readCase(readFileSync(input, 'utf8')), place)
  const failed = result.status !== 'success'
  if (failed !== name.startsWith('error_'))
    console.error(`${name}: ${result.errorMessage ?? 'should fail, but expands'}`)
  const output = join(cases, `${name}.json`)
  const text = `${JSON.stringify(result, null, 2)}\n`
  if (existsSync(output) && readFileSync(output, 'utf8') === text) continue
  writeFileSync(output, text)
  console.error(`${name}: written`)
}

/** The macro from its sources, which Node cannot load as they are. */
async function loadHandler() {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-macro-'))
  process.on('exit', () => rmSync(directory, { recursive: true }))
  const outfile = join(directory, 'app.mjs')
  await esbuild.build({
    entryPoints: [join(root, 'src', 'app.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['lpr-source'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const { handler } = await import(pathToFileURL(outfile).href)
  return handler
}
