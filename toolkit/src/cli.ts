import { parseArgs } from 'node:util'
import { VERSION } from '@lpr/contract'
import { dev } from './commands/dev.ts'
import { estimate } from './commands/estimate.ts'
import { expand } from './commands/expand.ts'
import { validate } from './commands/validate.ts'
import { FindingsError, findingsOf, UsageError } from './errors.ts'
import { Output, type Streams } from './output.ts'

/** Exit codes: 0 good, 1 findings, 2 the command line is wrong. */
export type ExitCode = 0 | 1 | 2

/** Values of the options as parsed; which of them a command takes is said in COMMANDS. */
export interface CommandLine {
  template?: string
  config?: string
  port?: string
  'admin-port'?: string
  'stack-name'?: string
  region?: string
  router?: string
  function?: string[]
  command?: string[]
  modes?: string
  lacks?: string
  endpoint?: string
  traffic?: string
  rps?: string
  'duration-ms'?: string
  'memory-mb'?: string
  parameter?: string[]
  stack?: string
  smoke?: boolean
  unsafe?: boolean
  once?: boolean
  verbose?: boolean
}

interface Command {
  run: (line: CommandLine, output: Output) => Promise<ExitCode>
  /** Options beside `output` and `help`. */
  options: readonly (keyof typeof OPTIONS)[]
  usage: string
}

const OPTIONS = {
  template: { type: 'string', short: 't' },
  config: { type: 'string' },
  output: { type: 'string', short: 'o' },
  port: { type: 'string' },
  'admin-port': { type: 'string' },
  'stack-name': { type: 'string' },
  region: { type: 'string' },
  router: { type: 'string' },
  function: { type: 'string', multiple: true },
  command: { type: 'string', multiple: true },
  modes: { type: 'string' },
  lacks: { type: 'string' },
  endpoint: { type: 'string' },
  traffic: { type: 'string' },
  rps: { type: 'string' },
  'duration-ms': { type: 'string' },
  'memory-mb': { type: 'string' },
  parameter: { type: 'string', multiple: true },
  stack: { type: 'string' },
  smoke: { type: 'boolean' },
  unsafe: { type: 'boolean' },
  once: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

const STACK_OPTIONS = ['template', 'parameter', 'stack-name', 'region'] as const
const STACK_USAGE = `  -t, --template FILE       the SAM template
  --parameter Name=Value    a parameter of the template; may be repeated
  --stack-name NAME         AWS::StackName (lpr-dev)
  --region REGION           AWS::Region (AWS_REGION, else us-east-1)`

/** Commands that need the AWS SDK are loaded when they are asked for: the others need not wait for it. */
const COMMANDS: Record<string, Command> = {
  dev: {
    run: dev,
    options: [...STACK_OPTIONS, 'port', 'admin-port', 'router', 'once', 'verbose'],
    usage: `lpr dev -t template.yaml: run the template's router and functions on this machine, and reload on change

${STACK_USAGE}
  --port PORT               where the router serves (3000); 0 for any free port
  --admin-port PORT         metrics and status (9901); 0 for any free port
  --router LOGICAL_ID       which router, if the template has several
  --once                    send requests to every route, print what came back, and stop
  --verbose                 every log line of the router`,
  },
  expand: {
    run: expand,
    options: STACK_OPTIONS,
    usage: `lpr expand -t template.yaml: print the template as the macro LprRouter expands it

${STACK_USAGE}`,
  },
  validate: {
    run: validate,
    options: [...STACK_OPTIONS, 'config'],
    usage: `lpr validate -t template.yaml | --config manifest.yaml: report every mistake with its place

Of a template, the macro's checks are made, and cfn-lint's on what the macro makes of it, if cfn-lint is installed.

${STACK_USAGE}
  --config FILE             a config manifest of the router, instead of a template`,
  },
  estimate: {
    run: estimate,
    options: [...STACK_OPTIONS, 'config', 'router', 'traffic', 'rps', 'duration-ms', 'memory-mb'],
    usage: `lpr estimate -t template.yaml | --config manifest.yaml: what batching costs, saves and delays

${STACK_USAGE}
  --config FILE             a config manifest of the router, instead of a template
  --router LOGICAL_ID       which router, if the template has several
  --traffic FILE            figures for each route, and prices: docs/estimate.md
  --rps N                   requests a second, of each route of which the file says nothing else
  --duration-ms N           mean time that one request takes, likewise
  --memory-mb N             memory of the functions (as in the template, else 128), likewise`,
  },
  conformance: {
    run: async (line, output) => (await import('./commands/conformance.ts')).conformance(line, output),
    options: ['function', 'command', 'modes', 'lacks', 'endpoint', 'region', 'verbose'],
    usage: `lpr conformance --function NAME | --command COMMAND: does an adapter answer as the contract says?

The function is the script handler of its language, wrapped by the adapter: contract/vectors/README.md.

  --function NAME           a function behind the Invoke API, by name or ARN; its timeout must be at least 30 s
  --command COMMAND         starts a process that speaks the Runtime API, on this machine and without AWS
  --modes MODE,...          what NAME or COMMAND answers with: buffered (the default), stream, interleaved.
                            A function per mode is given as --function buffered=NAME --function stream=NAME;
                            a command sees its mode as _HANDLER
  --lacks FEATURE,...       what the language or the adapter does not have; such cases are not applicable
  --endpoint URL            where the Invoke API is (AWS_ENDPOINT_URL_LAMBDA, else AWS)
  --region REGION           the region of the functions (AWS_REGION, else that of the ARN)
  --verbose                 every line that the command writes`,
  },
  outputs: {
    // Loaded when it is asked for: it brings the AWS SDK, which the other commands need not wait for.
    run: async (line, output) => (await import('./commands/outputs.ts')).outputs(line, output),
    options: ['stack', 'region', 'smoke', 'unsafe'],
    usage: `lpr outputs --stack NAME: what a deployed stack puts out, and whether its routers answer

  --stack NAME              the stack, by name or ARN
  --region REGION           its region (AWS_REGION, else that of the AWS profile)
  --smoke                   send a request to each route that only reads (GET, HEAD, OPTIONS) and judge the answer
  --unsafe                  with --smoke: to the other routes too, which may change something`,
  },
}

const USAGE = `lpr ${VERSION}

Usage: lpr <command> [options]

  dev          run a template on this machine
  expand       print a template as the macro expands it
  validate     check a template or a config manifest
  estimate     tell what batching costs and saves
  conformance  check an adapter for Lambda functions

Every command takes -o json and --help. Exit codes: 0 good, 1 findings, 2 wrong usage.`

/** Runs one command line and returns the exit code. Never throws. */
export async function runCli(args: string[], streams: Streams): Promise<ExitCode> {
  let output = new Output(wantedFormat(args), streams)
  try {
    const { values, positionals } = parse(args)
    output = new Output(formatOf(values.output), streams)
    if (values.version) return print(output, { version: VERSION }, VERSION)
    const [name, ...extra] = positionals
    if (name === undefined && values.help) return print(output, { usage: USAGE }, USAGE)
    const command = commandOf(name)
    if (values.help) return print(output, { usage: command.usage }, command.usage)
    if (extra.length > 0)
      throw new UsageError(`unexpected ${extra.map((text) => JSON.stringify(text)).join(' ')}`)
    checkOptions(name ?? '', command, Object.keys(values))
    return await command.run(values as CommandLine, output)
  } catch (error) {
    return report(error, output)
  }
}

/** For mistakes on the command line itself: whoever asked for JSON gets it, whatever else is wrong. */
function wantedFormat(args: string[]): 'text' | 'json' {
  return parseArgs({ args, options: OPTIONS, strict: false }).values.output === 'json' ? 'json' : 'text'
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function formatOf(value: string | undefined): 'text' | 'json' {
  if (value === undefined || value === 'text' || value === 'json') return value ?? 'text'
  throw new UsageError(`-o expects text or json, got ${JSON.stringify(value)}`)
}

function commandOf(name: string | undefined): Command {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command
  const problem = name === undefined ? 'a command is missing' : `unknown command ${JSON.stringify(name)}`
  throw new UsageError(`${problem}, expected one of ${Object.keys(COMMANDS).join(', ')}`)
}

function checkOptions(name: string, command: Command, given: string[]): void {
  const allowed = new Set<string>([...command.options, 'output', 'help'])
  const wrong = given.filter((option) => !allowed.has(option))
  if (wrong.length > 0)
    throw new UsageError(`lpr ${name} has no option ${wrong.map((o) => `--${o}`).join(', ')}`)
}

function print(output: Output, value: unknown, text: string): ExitCode {
  output.result(value, text)
  return 0
}

/** Mistakes of the user come without a stack; LPR_DEBUG shows that of a fault of our own. */
function report(error: unknown, output: Output): ExitCode {
  if (error instanceof UsageError) {
    output.findings([{ message: `lpr: ${error.message}`, remedy: 'lpr --help' }])
    return 2
  }
  output.findings(findingsOf(error))
  if (!(error instanceof FindingsError) && process.env.LPR_DEBUG && error instanceof Error) {
    output.say(error.stack ?? error.message)
  }
  return 1
}
