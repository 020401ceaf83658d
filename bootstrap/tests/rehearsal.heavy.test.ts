import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3'
import { isAllowed, lambdaCall, type Stack, s3Calls, unusedGrants } from '@lpr/test-kit/cloudformation'
import { buildCode, readTemplate, type Template } from './code.ts'
import {
  environmentOf,
  freePort,
  PUBLISHER,
  published,
  renamed,
  routerRole,
  SERVICE,
  statementsOfRole,
  statuses,
  withPaths,
  withProperties,
} from './demo.ts'
import { place, type Rehearsal, startRehearsal } from './rehearsal.ts'

let code: string
let rehearsal: Rehearsal
let bootstrap: Stack

beforeAll(async () => {
  code = buildCode()
  rehearsal = await startRehearsal((logicalId) => join(code, logicalId))
  bootstrap = await rehearsal.cloudFormation.deploy('lpr-bootstrap', readTemplate('bootstrap/template.yaml'))
})
afterAll(async () => {
  await rehearsal?.stop()
  rmSync(code, { recursive: true })
})

describe.each(['APP_RUNNER', 'ECS_EXPRESS'])(
  'the demo on %s, from its first deployment',
  (ComputePlatform) => {
    const name = `demo-${ComputePlatform.toLowerCase().replace('_', '-')}`
    const parameters = { ComputePlatform }
    /** What was asked on behalf of this stack begins here. */
    const start = { s3: 0, lambda: 0 }
    let template: Template
    let first: Stack
    let second: Stack

    const deploy = (source: Template) => rehearsal.cloudFormation.deploy(name, source, parameters)
    const journalOf = async (run: () => Promise<unknown>) => {
      const { journal } = rehearsal.cloudFormation
      const before = journal.length
      await run()
      return journal.slice(before)
    }

    beforeAll(async () => {
      const { routerS3, routerLambda } = rehearsal.calls
      Object.assign(start, { s3: routerS3.requests.length, lambda: routerLambda.requests.length })
      const port = await freePort()
      template = withProperties(readTemplate('sam/template.yaml'), (properties) => {
        properties.Port = port
      })
    })

    test('the stack is made, the manifest before its reader, and every route answers', async () => {
      const journal = await journalOf(async () => {
        first = await deploy(template)
      })
      expect(journal.indexOf(`Create ${PUBLISHER}`)).toBeGreaterThan(-1)
      expect(journal.indexOf(`Create ${SERVICE}`)).toBeGreaterThan(journal.indexOf(`Create ${PUBLISHER}`))
      const answers = await statuses(first)
      expect(answers.length).toBeGreaterThanOrEqual(10)
      expect(answers.filter(([, status]) => status !== 200)).toEqual([])
    })

    test('the router runs on what the publisher wrote', async () => {
      const { ConfigS3Uri, ConfigSha256 } = published(first)
      expect(environmentOf(first).LPR_CONFIG_URI).toBe(ConfigS3Uri)
      const object = await read(ConfigS3Uri)
      expect(object.metadata).toEqual({ 'lpr-sha256': ConfigSha256, 'lpr-name': 'config' })
      expect(object.tags).toEqual([])
      expect(JSON.parse(object.body)).toMatchObject({ TrustedProxyHops: '1', DefaultTimeoutMs: '2000' })
    })

    test('a mistake stops the deployment before anything is touched', async () => {
      const broken = withPaths(template, () => ({ '/broken': { get: { 'x-lpr': { maxWaitMs: 1 } } } }))
      const journal = await journalOf(() =>
        expect(deploy(broken)).rejects.toThrow(
          /^Transform 123456789012::LprRouter failed with: RouterService\.Properties\.Spec\.paths\.\/broken\.get\./,
        ),
      )
      expect(journal).toEqual([])
    })

    test('an update writes a new manifest and leaves the old one, tagged, for instances that still run', async () => {
      const journal = await journalOf(async () => {
        second = await deploy(withPaths(template, renamed))
      })
      expect(journal).toEqual([`Update ${PUBLISHER}`, `Update ${SERVICE}`])
      expect(published(second).ConfigS3Uri).not.toBe(published(first).ConfigS3Uri)
      expect(environmentOf(second).LPR_CONFIG_URI).toBe(published(second).ConfigS3Uri)
      expect((await read(published(first).ConfigS3Uri)).tags).toEqual([
        { Key: 'lpr-superseded', Value: 'true' },
      ])
      expect((await read(published(second).ConfigS3Uri)).tags).toEqual([])
      expect(await statuses(second)).toContainEqual(['get /renamed', 200])
    })

    test('an update that fails later is rolled back to the manifest before it', async () => {
      const failing = withPaths(template, () => ({}))
      Object.assign(failing.Resources as object, { Broken: { Type: 'Test::Broken', DependsOn: SERVICE } })
      const journal = await journalOf(() => expect(deploy(failing)).rejects.toThrow('Test::Broken'))
      expect(journal).toEqual([
        ...[`Update ${PUBLISHER}`, `Update RouterServiceLpr${roleSuffix(ComputePlatform)}`],
        ...[`Update ${SERVICE}`, 'Create Broken', `Rollback ${name}`],
        ...[
          `Update ${PUBLISHER}`,
          `Update RouterServiceLpr${roleSuffix(ComputePlatform)}`,
          `Update ${SERVICE}`,
        ],
      ])
      expect((await read(published(second).ConfigS3Uri)).tags).toEqual([])
      expect(environmentOf(second).LPR_CONFIG_URI).toBe(published(second).ConfigS3Uri)
      expect(await statuses(second)).toContainEqual(['get /renamed', 200])
    })

    test('the template of before brings back the manifest of before', async () => {
      const third = await deploy(template)
      expect(published(third)).toEqual(published(first))
      expect((await read(published(first).ConfigS3Uri)).tags).toEqual([])
      expect((await read(published(second).ConfigS3Uri)).tags).toHaveLength(1)
      expect((await fetch(`http://${third.outputs.RouterServiceUrl}/renamed`)).status).toBe(404)
    })

    test('its role allows the router all that it did, and nothing that it did not need', () => {
      const statements = statementsOfRole(first, routerRole(first))
      const { routerS3, routerLambda } = rehearsal.calls
      const calls = [
        ...routerS3.requests.slice(start.s3).flatMap((request) => s3Calls(request, place)),
        ...routerLambda.requests.slice(start.lambda).map((request) => lambdaCall(request, place)),
      ]
      expect(calls.length).toBeGreaterThan(10)
      expect(calls.filter((call) => !isAllowed(statements, call))).toEqual([])
      expect(unusedGrants(statements, calls)).toEqual([])
    })

    test('deletion takes the router away and leaves the manifests', async () => {
      const { ConfigS3Uri } = published(first)
      const journal = await journalOf(() => rehearsal.cloudFormation.delete(name))
      expect(journal.indexOf(`Delete ${SERVICE}`)).toBeLessThan(journal.indexOf(`Delete ${PUBLISHER}`))
      expect(rehearsal.customResources.events.at(-1)).toMatchObject({ RequestType: 'Delete' })
      expect((await read(ConfigS3Uri)).body).toContain('/buffering/simple/{greeting}')
      await expect(fetch(`http://${first.outputs.RouterServiceUrl}/readyz`)).rejects.toThrow()
    })
  },
)

test("the publisher's role allows all that it did, and nothing that it did not need", () => {
  const role = bootstrap.resources.get('ConfigPublisherFunction')?.properties.Role
  // Lambda itself writes the logs, under this role.
  const statements = statementsOfRole(bootstrap, role).filter(({ Sid }) => Sid !== 'WriteOwnLogs')
  const calls = rehearsal.calls.publisherS3.requests.flatMap((request) => s3Calls(request, place))
  expect(calls.length).toBeGreaterThan(0)
  expect(calls.filter((call) => !isAllowed(statements, call))).toEqual([])
  expect(unusedGrants(statements, calls)).toEqual([])
})

test('the publisher writes only into a bucket that belongs to the account', () => {
  const owners = rehearsal.calls.publisherS3.requests.map(
    ({ headers }) => headers['x-amz-expected-bucket-owner'],
  )
  expect(new Set(owners)).toEqual(new Set([place.accountId]))
})

async function read(uri: string) {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? []
  const { Body, Metadata } = await rehearsal.s3.send(new GetObjectCommand({ Bucket, Key }))
  const { TagSet } = await rehearsal.s3.send(new GetObjectTaggingCommand({ Bucket, Key }))
  return { body: (await Body?.transformToString()) ?? '', metadata: Metadata, tags: TagSet }
}

function roleSuffix(platform: string): string {
  return platform === 'APP_RUNNER' ? 'InstanceRole' : 'TaskRole'
}
