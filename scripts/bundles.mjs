// Prints how large the bundles of macro and publisher are and how long Lambda's Node.js takes to load them.
//   npm run bundles [-- PATH_OF_NODE]     by default the Node.js 24 that `make bundles` fetches
// The limits are the project's own; sizes are asserted by a test, times are not, for they depend on the machine.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = process.argv[2] ?? join(root, '.build', 'node24', 'package', 'bin', 'node')
if (!existsSync(node)) {
  console.error(`there is no Node.js at ${node}: run make bundles, or give the path of another`)
  process.exit(2)
}
const ROUNDS = 11
/** From where the publisher finds the SDK. */
const cwd = join(root, 'bootstrap', 'config-publisher')
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
console.log(`Node.js ${version}, median of ${ROUNDS} fresh processes`)
for (const name of ['router-macro', 'config-publisher']) {
  const file = join(root, 'bootstrap', name, 'dist', 'app.mjs')
  const size = (statSync(file).size / 1000).toFixed(1)
  report(name, `${size.padStart(6)} kB (limit 300)`, loadTime(pathToFileURL(file).href), '(aim 150)')
}
report('@aws-sdk/client-s3', 'with the first write', loadTime('@aws-sdk/client-s3'), '')

function report(name, size, ms, aim) {
  console.log(`${name.padEnd(20)} ${size.padEnd(22)} ${ms.toFixed(0).padStart(4)} ms ${aim}`.trimEnd())
}

/** In ms, the median. */
function loadTime(module) {
  const script = `const start = performance.now()
    await import(${JSON.stringify(module)})
    process.stdout.write(String(performance.now() - start))`
  const run = () =>
    Number(execFileSync(node, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd }))
  const times = Array.from({ length: ROUNDS }, run).sort((a, b) => a - b)
  return times[Math.floor(ROUNDS / 2)]
}
