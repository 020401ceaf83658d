// Bundles the benchmark's processes and runs it; the arguments are those of main.ts, or of agreement/main.ts after
// `agreement`.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
await esbuild.build({
  entryPoints: {
    main: join(here, 'main.ts'),
    agreement: join(here, 'agreement/main.ts'),
    load: join(here, 'load/main.ts'),
    lambda: join(here, 'lambda/main.ts'),
    'core-job': join(here, 'cores/job.ts'),
    bare: join(here, 'subjects/bare.ts'),
    direct: join(here, 'subjects/direct.ts'),
    alone: join(here, 'subjects/alone.ts'),
    least: join(here, 'subjects/least.ts'),
    // Only for profiles: not minified, so that functions have the names of the sources.
    'readable-router': join(here, '../../router/src/main.ts'),
  },
  outdir: join(here, 'dist'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  conditions: ['lpr-source'],
  logLevel: 'warning',
  define: { __LPR_VERSION__: '"benchmark"' },
  banner: {
    js: "import { createRequire as lprCreateRequire } from 'node:module'; const require = lprCreateRequire(import.meta.url);",
  },
})
const args = process.argv.slice(2)
const program = args[0] === 'agreement' ? args.shift() : 'main'
const { status } = spawnSync(process.execPath, [join(here, `dist/${program}.mjs`), ...args], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
