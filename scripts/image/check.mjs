// Builds router/Dockerfile from a clean copy of the repository, without Docker and without a registry of images, runs
// the image as a container engine would, and sends a request through it to a function.
//   make test-image        needs Linux, root, buildah and debootstrap
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeBase, readBase } from './base.mjs'
import { Buildah } from './buildah.mjs'
import { Container, healthCheck } from './container.mjs'
import { startServices, startSilence } from './services.mjs'

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const directory = join(repository, '.build/image')
const node = join(repository, '.build/node24/package/bin/node')
const TAG = 'localhost/lpr-router:check'

mkdirSync(directory, { recursive: true })
const buildah = new Buildah(directory)
buildah.tidy()
const base = readBase(join(repository, 'router/Dockerfile'))
await step(`base image ${base.tag} from Debian's packages`, () => makeBase(buildah, base, node, directory))
await step('router/Dockerfile, built from a clean copy', buildFromCleanCopy)
const config = buildah.config(TAG)
const { container, root } = buildah.mount(TAG)
const services = await startServices(repository, directory)
try {
  await step('it adds one file to the base image', addsOneFile)
  await step('it runs without a shell and not as root', runsPlainly)
  await step('it serves from s3:// to a function, is healthy, and drains on SIGTERM', servesAndDrains)
  await step('SIGTERM ends it while it waits for its config, though it is process 1', endsWhileStarting)
} finally {
  await services.stop()
  buildah.remove(container)
}

async function step(title, run) {
  const startedAt = performance.now()
  const detail = await run()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`ok  ${title}${detail === undefined ? '' : `: ${detail}`} (${seconds} s)`)
}

/** A copy of what git holds or would add, so that nothing else of this working tree can help. */
function buildFromCleanCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'lpr-image-'))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const files = execFileSync('git', list, { cwd: repository, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  try {
    for (const file of files.split('\0').filter(Boolean)) cpSync(join(repository, file), join(copy, file))
    buildah.build(join(copy, 'router/Dockerfile'), copy, TAG)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function addsOneFile() {
  const from = buildah.mount(`docker.io/library/${base.tag}`)
  try {
    const before = new Set(filesIn(from.root))
    const added = filesIn(root).filter((file) => !before.has(file))
    assert.equal(added.length, 1, `expected one more file than in ${base.tag}, got ${added.join('\n')}`)
    const [path, kind, size] = added[0].split(' ')
    assert.deepEqual([path, kind], [config.Entrypoint.at(-1), 'f'])
    return `${path}, ${Math.round(size / 1024)} KiB`
  } finally {
    buildah.remove(from.container)
  }
}

function filesIn(directory) {
  const format = ['-mindepth', '1', '-printf', '/%P %y %s %m %U\\n']
  const options = { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 }
  // A directory's own size is the file system's business.
  return execFileSync('find', [directory, ...format], options)
    .trim()
    .split('\n')
    .map(withoutDirectorySize)
}

function withoutDirectorySize(line) {
  return line.replace(/ d \d+ /, ' d ')
}

function runsPlainly() {
  assert.match(config.User, /^[1-9]\d*$/, 'USER must be a number above 0')
  assert.equal(config.Entrypoint[0], 'node', 'ENTRYPOINT must start node itself')
  assert.equal(config.Healthcheck.Test[0], 'CMD', 'HEALTHCHECK must be in exec form')
  return `user ${config.User}, ${config.Entrypoint.join(' ')}`
}

async function servesAndDrains() {
  const { environment, port } = services
  assert.equal(await healthCheck(root, config, environment), 1, 'unhealthy before anything serves')
  const startedAt = performance.now()
  const router = new Container(root, config, config.Entrypoint, environment)
  try {
    await router.said('"listening"')
    const startMs = Math.round(performance.now() - startedAt)
    const response = await fetch(`http://127.0.0.1:${port}/hello/image`)
    assert.deepEqual([response.status, await response.text()], [200, 'hello image'])
    assert.equal(response.headers.get('x-lpr-batch-size'), '1')
    assert.equal(await healthCheck(root, config, environment), 0, 'healthy while it serves')
    router.signal('SIGTERM')
    await router.said('"draining"')
    assert.equal(await healthCheck(root, config, environment), 1, 'not ready while it drains')
    assert.equal(await router.exited, 0, 'a drained router exits with 0')
    return `served ${startMs} ms after its start`
  } finally {
    await router.kill()
  }
}

async function endsWhileStarting() {
  const silence = await startSilence()
  const router = new Container(root, config, config.Entrypoint, {
    ...services.environment,
    AWS_ENDPOINT_URL_S3: silence.url,
  })
  try {
    await silence.connection
    router.signal('SIGTERM')
    assert.equal(await router.exited, 128 + constants.signals.SIGTERM)
  } finally {
    await router.kill()
    silence.stop()
  }
}
