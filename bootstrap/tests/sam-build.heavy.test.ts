import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { linkSdk, readTemplate, root } from './code.ts'
import { freePort, withProperties } from './demo.ts'
import { startRehearsal } from './rehearsal.ts'

const run = promisify(execFile)
/** Where `make test-heavy` puts the SAM CLI. */
const SAM = join(root, '.build', 'sam-venv', 'bin', 'sam')

let clone: string

/** What the repository holds, and nothing that was installed or built here. */
beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'lpr-clone-'))
  await run('git', ['clone', '--quiet', root, clone])
  // As a user would: the bootstrap stack, whose Makefiles install the packages, comes first.
  await samBuild('bootstrap')
  await samBuild('sam')
}, 300_000)
afterAll(() => rmSync(clone, { recursive: true }))

function samBuild(directory: string) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    SAM_CLI_TELEMETRY: '0',
    AWS_DEFAULT_REGION: 'eu-central-1',
  }
  return run(SAM, ['build'], { cwd: join(clone, directory), env })
}

const built = (directory: string, ...path: string[]) => join(clone, directory, '.aws-sam', 'build', ...path)

test('sam build makes one file of macro and publisher each, and leaves the clone as it was', async () => {
  expect(readdirSync(built('bootstrap', 'RouterMacroFunction'))).toEqual(['app.mjs'])
  expect(readdirSync(built('bootstrap', 'ConfigPublisherFunction'))).toEqual(['app.mjs'])
  const { stdout } = await run('git', ['status', '--porcelain'], { cwd: clone })
  expect(stdout).toBe('')
})

/** Away from the repository, as Lambda has it: its package.json files would change what kind of module a file is. */
function upload(): string {
  const code = join(clone, '..', `${basename(clone)}-code`)
  for (const directory of ['bootstrap', 'sam']) cpSync(built(directory), code, { recursive: true })
  linkSdk(join(code, 'ConfigPublisherFunction'))
  return code
}

test('what sam build made of macro, publisher and demo works together', async () => {
  const code = upload()
  const rehearsal = await startRehearsal((logicalId) => join(code, logicalId))
  try {
    const { cloudFormation } = rehearsal
    await cloudFormation.deploy('lpr-bootstrap', readTemplate(built('bootstrap', 'template.yaml')))
    const Port = await freePort()
    const demo = withProperties(readTemplate(built('sam', 'template.yaml')), (properties) => {
      properties.Port = Port
    })
    const { outputs } = await cloudFormation.deploy('demo', demo)
    const response = await fetch(`http://${outputs.RouterServiceUrl}/buffering/adapter/hello`)
    expect([response.status, await response.json()]).toMatchObject([200, { greeting: 'hello' }])
  } finally {
    await rehearsal.stop()
    rmSync(code, { recursive: true })
  }
})
