import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { runCli } from './cli.ts'

const { PATH } = process.env

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-cli-'))
  // Whether cfn-lint is installed must not matter here.
  process.env.PATH = dir
})
afterEach(() => {
  process.env.PATH = PATH
  rmSync(dir, { recursive: true, force: true })
})

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

async function run(...args: string[]): Promise<Outcome> {
  const outcome = { code: -1, stdout: '', stderr: '' }
  outcome.code = await runCli(args, {
    stdout: (text) => {
      outcome.stdout += text
    },
    stderr: (text) => {
      outcome.stderr += text
    },
  })
  return outcome
}

function file(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

const ROUTE = "{ x-target-lambda: 'arn:aws:lambda:us-east-1:123456789012:function:f', x-lpr: { SETTINGS } }"
const manifest = (settings: string): string =>
  `ListenAddr: :8080\nSpec: { paths: { /a: { get: ${ROUTE.replace('SETTINGS', settings)} } } }\n`
const template = (settings: string): string => `Transform: LprRouter
Resources:
  Router:
    Type: Lpr::Router::Service
    Properties: { RouterConfig: {}, Spec: { paths: { /a: { get: ${ROUTE.replace('SETTINGS', settings)} } } } }
`
const GOOD = 'maxWaitMs: 5, maxBatchSize: 2'

test.each([
  [[], /a command is missing, expected one of dev, expand, validate, estimate, conformance, outputs/],
  [['frob'], /unknown command "frob"/],
  [['dev'], /-t <template> is missing/],
  [['dev', '-t', 'x', '--port', 'http'], /--port expects a port from 0 to 65535, got "http"/],
  [['dev', '-t', 'x', '--admin-port', '70000'], /--admin-port expects a port/],
  [['expand', '-t', 'x', '--once'], /lpr expand has no option --once/],
  [['expand', '-t', 'x', 'y'], /unexpected "y"/],
  [['expand', '--nope'], /Unknown option '--nope'/],
  [['expand', '-t', 'x', '-o', 'xml'], /-o expects text or json, got "xml"/],
  [['expand', '-t', 'x', '--parameter', 'A'], /--parameter expects Name=Value/],
  [['validate'], /needs either -t <template> or --config <manifest>/],
  [['validate', '-t', 'x', '--config', 'y'], /needs either/],
  [['conformance'], /needs either --function NAME or --command COMMAND/],
  [['conformance', '--function', 'f', '--command', 'c'], /needs either/],
  [['conformance', '--function', 'f', '--modes', 'x,stream'], /--modes expects some of buffered, .*; got x/],
  [['conformance', '--function', 'f', '--lacks', 'speed'], /--lacks expects some of .*; got speed/],
  [['conformance', '--function', 'stream=f', '--function', 'stream=g'], /the mode stream is given twice/],
  [['conformance', '--function', 'stream=f', '--modes', 'buffered'], /no --function for buffered/],
  [['conformance', '--function', 'stream='], /--function expects a name/],
  [['conformance', '--function', 'f', '--endpoint', 'here'], /--endpoint expects a URL, got "here"/],
  [['conformance', '--command', 'c', '--endpoint', 'http://a'], /--endpoint goes with --function/],
])('the command line %j is refused with code 2', async (args, message) => {
  const { code, stdout, stderr } = await run(...args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

test('a wrong command line is reported as data with -o json, even one that cannot be parsed', async () => {
  for (const args of [['expand', '--nope', '-o', 'json'], ['frob', '--output=json'], ['-ojson']]) {
    const { code, stdout } = await run(...args)
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, findings: [{ remedy: 'lpr --help' }] })
  }
})

test('help and version are results', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: lpr') })
  expect(await run('dev', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('--admin-port'),
  })
  expect(JSON.parse((await run('--version', '-o', 'json')).stdout)).toEqual({ version: 'dev' })
})

test('a good config is valid', async () => {
  expect(await run('validate', '--config', file('m.yaml', manifest(GOOD)))).toMatchObject({
    code: 0,
    stderr: '',
  })
})

test('mistakes in a config come with place and remedy', async () => {
  const path = file('m.yaml', manifest('maxWaitMs: 5, maxBatchSiz: 2'))
  const { code, stdout, stderr } = await run('validate', '--config', path)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(
    /m.yaml:2:\d+: Spec.paths.\/a.get.x-lpr.maxBatchSize: is required.*\n +remedy: add maxBatchSize/,
  )
  expect(stderr).toMatch(/m.yaml:2:\d+: .*maxBatchSiz: unknown key.*\n +remedy: write maxBatchSize/)
})

test('mistakes are data with -o json, and nothing else is on standard output', async () => {
  const path = file('t.yaml', template('maxWaitMs: 5'))
  const { code, stdout } = await run('validate', '-t', path, '-o', 'json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    findings: [
      {
        message: 'Router.Properties.Spec.paths./a.get.x-lpr.maxBatchSize: is required but missing',
        place: { file: path, line: 5, column: expect.any(Number) },
        remedy: 'add maxBatchSize',
      },
    ],
  })
})

test('a good template is valid, and expands to a template in either format', async () => {
  const path = file('t.yaml', template(GOOD))
  expect(await run('validate', '-t', path, '-o', 'json')).toMatchObject({
    code: 0,
    stdout: '{"ok":true,"findings":[]}\n',
  })
  const yaml = await run('expand', '-t', path)
  const json = await run('expand', '-t', path, '-o', 'json')
  expect([yaml.code, json.code]).toEqual([0, 0])
  expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout))
  expect(JSON.parse(json.stdout).Resources.RouterLprConfigPublisher.Type).toBe('Custom::LprConfigPublisher')
})

test('without cfn-lint a template is checked all the same, and one line says what was not', async () => {
  const { code, stderr } = await run('validate', '-t', file('t.yaml', template(GOOD)))
  expect(code).toBe(0)
  expect(stderr).toMatch(/^cfn-lint is not installed \(pip install cfn-lint\), so .*\n$/)
})

test('a cfn-lint that breaks is an error that says how', async () => {
  writeFileSync(join(dir, 'cfn-lint'), '#!/bin/sh\necho "ValueError: broken" >&2\nexit 1\n', { mode: 0o755 })
  const { code, stderr } = await run('validate', '-t', file('t.yaml', template(GOOD)))
  expect([code, stderr]).toEqual([1, 'cfn-lint failed: ValueError: broken\n'])
})

test('a file that is not there is reported without a stack', async () => {
  const { code, stderr } = await run('expand', '-t', join(dir, 'none.yaml'))
  expect(code).toBe(1)
  expect(stderr).toMatch(/^cannot read .*none.yaml \(ENOENT\)\n +remedy: /)
  expect(stderr).not.toMatch(/^ +at /m)
})
