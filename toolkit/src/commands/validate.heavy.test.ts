import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCli } from '../cli.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const DEMO = join(root, 'sam', 'template.yaml')
const { PATH } = process.env

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-validate-'))
  process.env.PATH = [join(root, '.build', 'venv', 'bin'), PATH].join(delimiter)
})
afterEach(() => {
  process.env.PATH = PATH
  rmSync(dir, { recursive: true })
})

async function validate(...args: string[]) {
  const written = { stdout: [] as string[], stderr: [] as string[] }
  const code = await runCli(['validate', ...args], {
    stdout: (text) => written.stdout.push(text),
    stderr: (text) => written.stderr.push(text),
  })
  return { code, stdout: written.stdout.join(''), stderr: written.stderr.join('') }
}

/** A good router, and what else a test asks for. */
function template({ properties = '', rest = '' } = {}): string {
  const path = join(dir, 'template.yaml')
  const text = `Transform: [LprRouter, AWS::Serverless-2016-10-31]
Resources:
  Router:
    Type: Lpr::Router::Service
    Metadata: { cfn-lint: { config: { ignore_checks: [E3006] } } }
    Properties:
      RouterConfig: {}
      Spec: { paths: {} }
${properties}
${rest}`
  writeFileSync(path, text)
  return path
}

test.each(['APP_RUNNER', 'ECS_EXPRESS'])('cfn-lint has nothing against the demo on %s', async (platform) => {
  expect(await validate('-t', DEMO, '--parameter', `ComputePlatform=${platform}`)).toEqual({
    code: 0,
    stdout: `${DEMO} is valid\n`,
    stderr: '',
  })
})

test('what cfn-lint finds in the template comes with its place, and with exit code 1', async () => {
  const rest = `  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicNam: orders`
  const { code, stderr } = await validate('-t', template({ rest }))
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /template\.yaml:13:\d+: Topic\.Properties\.TopicNam: .*TopicNam.* \(cfn-lint E3002\)/,
  )
})

test('what it finds in what the macro made is placed at the router', async () => {
  const properties = '      EncryptionConfiguration: { KmsKey: no-arn }'
  const { code, stderr } = await validate('-t', template({ properties }))
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /template\.yaml:9:\d+: Router\.Properties\.EncryptionConfiguration\.KmsKey: .*\(cfn-lint E/,
  )
})

test('a region without the platform is told, whatever the template ignores for the sake of its macro', async () => {
  const { code, stdout } = await validate('-t', template(), '--region', 'eu-north-1', '-o', 'json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    findings: [
      { message: expect.stringMatching(/AWS::AppRunner::Service.*eu-north-1.*E3006/), place: { line: 4 } },
    ],
  })
})

test('Python with the package does as well as the command', async () => {
  mkdirSync(join(dir, 'bin'))
  const python = join(root, '.build', 'venv', 'bin', 'python')
  writeFileSync(join(dir, 'bin', 'python3'), `#!/bin/sh\nexec ${python} "$@"\n`, { mode: 0o755 })
  process.env.PATH = [join(dir, 'bin'), '/usr/bin', '/bin'].join(delimiter)
  const { code, stderr } = await validate('-t', template(), '--region', 'eu-north-1')
  expect([code, stderr]).toEqual([1, expect.stringContaining('(cfn-lint E3006)')])
})
