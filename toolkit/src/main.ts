import { runCli } from './cli.ts'

const code = await runCli(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
})
// Not process.exit: what was written to a pipe would be cut off.
process.exitCode = code
