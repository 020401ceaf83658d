// Makes router/src/generated/dashboard-page.ts, the whole page in one file, from router/dashboard/.
//   node router/scripts/dashboard.mjs           writes the file
//   node router/scripts/dashboard.mjs --check   fails if it differs from the sources
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const router = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = join(router, 'dashboard')
const out = join(router, 'src/generated/dashboard-page.ts')

const script = build('main.ts', { bundle: true, format: 'iife', target: 'es2022' })
const style = build('style.css', {})
const page = readFileSync(join(sources, 'index.html'), 'utf8')
  .replace('</head>', () => `<style>${style}</style>\n</head>`)
  .replace('</body>', () => `<script>${script}</script>\n</body>`)
// Nothing from elsewhere, and no script or style but these two.
const policy = [
  "default-src 'none'",
  `script-src '${hashOf(script)}'`,
  `style-src '${hashOf(style)}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
const text = [
  '// Generated from router/dashboard/ by `npm run generate`. Do not edit.',
  `export const DASHBOARD_PAGE = ${JSON.stringify(page)}`,
  `export const DASHBOARD_CSP = ${JSON.stringify(policy)}`,
  '',
].join('\n')

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, text)
} else if (!existsSync(out) || readFileSync(out, 'utf8') !== text) {
  console.error('router/src/generated/dashboard-page.ts is stale: run `npm run generate`')
  process.exit(1)
}

function build(name, options) {
  const result = esbuild.buildSync({
    entryPoints: [join(sources, name)],
    minify: true,
    write: false,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
  return result.outputFiles[0].text.trim()
}

function hashOf(source) {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`
}
