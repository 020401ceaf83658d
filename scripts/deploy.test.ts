import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Writes down how it was called, fails if told to, and answers what the Makefile asks AWS. */
const STAND_IN = `#!/bin/bash
line="\${0##*/} $*"
echo "$line" >> "$RECORD"
if [ -n "$FAIL" ] && [[ "$line" == $FAIL ]]; then echo "stand-in: no" >&2; exit 7; fi
case "$line" in
  "aws configure get region") echo "$REGION" ;;
  "aws sts get-caller-identity "*) echo 123456789012 ;;
  *" describe-repository-creation-templates "*) echo "$TEMPLATES" ;;
  *" get-login-password") echo secret ;;
  "docker login "*) [ "$(cat)" = secret ] ;;
esac
`
const TOOLS = ['aws', 'docker', 'sam', 'npm', 'node']
const SYSTEM = ['bash', 'sh', 'cat', 'grep', 'sed', 'expand', 'touch', 'mkdir']

const repository = fileURLToPath(new URL('..', import.meta.url))
const make = find('make')
let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-deploy-'))
  for (const file of ['Makefile', 'deploy.mk', 'package.json', 'package-lock.json'])
    cpSync(join(repository, file), join(dir, file))
  writeFileSync(join(dir, 'VERSION'), '1.2.3\n')
  for (const name of ['bootstrap', 'sam', 'bin', 'node_modules']) mkdirSync(join(dir, name))
  // Newer than the manifests, so that the packages count as installed.
  const installed = join(dir, 'node_modules/.package-lock.json')
  writeFileSync(installed, '{}')
  utimesSync(installed, new Date(Date.now() + 60_000), new Date(Date.now() + 60_000))
  for (const tool of SYSTEM) symlinkSync(find(tool), join(dir, 'bin', tool))
  for (const tool of TOOLS) {
    writeFileSync(join(dir, 'bin', tool), STAND_IN)
    chmodSync(join(dir, 'bin', tool), 0o755)
  }
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

interface Run {
  code: number | null
  output: string
  /** The calls of the stand-ins, in order. */
  calls: string[]
}

function run(args: string[], environment: Record<string, string> = {}): Run {
  const record = join(dir, 'record')
  rmSync(record, { force: true })
  const { status, stdout, stderr } = spawnSync(make, ['--no-print-directory', ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: {
      PATH: join(dir, 'bin'),
      RECORD: record,
      REGION: 'eu-west-1',
      TEMPLATES: '0',
      FAIL: '',
      ...environment,
    },
  })
  const calls = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []
  return { code: status, output: stdout + stderr, calls }
}

function find(tool: string): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, tool))
  const found = places.find((place) => existsSync(place))
  if (found === undefined) throw new Error(`${tool} is not on the PATH`)
  return found
}

const REGISTRY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const image = (tag: string) => `${REGISTRY}/lambda-parallel-router/router:${tag}`
const LOOKUPS = [
  'aws configure get region',
  'aws sts get-caller-identity --query Account --output text',
  'docker version --format {{.Server.Version}}',
]
const BUILD = '--platform linux/amd64 --provenance=false --file router/Dockerfile'
const FLAGS = '--resolve-s3 --capabilities CAPABILITY_IAM --no-confirm-changeset --no-fail-on-empty-changeset'
const CREATION_TEMPLATE =
  '--prefix lambda-parallel-router --applied-for CREATE_ON_PUSH --image-tag-mutability MUTABLE'
const GET_PASSWORD = 'aws ecr --region eu-west-1 get-login-password'
const DOCKER_LOGIN = `docker login --username AWS --password-stdin ${REGISTRY}`
/** What `make deploy` does beyond looking things up. */
const DEPLOY = [
  "aws ecr --region eu-west-1 describe-repository-creation-templates --output json --query length(repositoryCreationTemplates[?prefix=='lambda-parallel-router'])",
  `aws ecr --region eu-west-1 create-repository-creation-template ${CREATION_TEMPLATE}`,
  GET_PASSWORD,
  DOCKER_LOGIN,
  `docker build --tag lambda-parallel-router/router:1.2.3 ${BUILD} .`,
  `docker tag lambda-parallel-router/router:1.2.3 ${image('1.2.3')}`,
  `docker push ${image('1.2.3')}`,
  'sam build --template-file template.yaml',
  `sam deploy --stack-name lpr-bootstrap --region eu-west-1 ${FLAGS} --parameter-overrides DefaultRouterImageIdentifier=${image('1.2.3')}`,
  'sam build',
  'sam deploy --region eu-west-1',
]
/** Without the lookups. The two ends of a pipe start together, so that which is recorded first is chance. */
function steps(calls: string[]): string[] {
  const found = calls.filter((call) => !LOOKUPS.includes(call))
  const login = found.indexOf(DOCKER_LOGIN)
  if (found[login + 1] === GET_PASSWORD) found.splice(login, 2, GET_PASSWORD, DOCKER_LOGIN)
  return found
}

test('deploy does everything once and in order, with the tag of VERSION', () => {
  const { code, output, calls } = run(['deploy'])
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(calls.slice().sort()).toEqual([...LOOKUPS, ...DEPLOY].sort())
  expect(steps(calls)).toEqual(DEPLOY)
})

test('-j keeps what needs each other in order', () => {
  const { code, calls } = run(['-j4', 'deploy'])
  expect(code).toBe(0)
  expect(calls.slice().sort()).toEqual([...LOOKUPS, ...DEPLOY].sort())
  const place = (start: string) => calls.findIndex((call) => call.startsWith(start))
  for (const before of ['docker login', 'docker tag', 'aws ecr --region eu-west-1 create'])
    expect(place(before)).toBeLessThan(place('docker push'))
  expect(place('docker build')).toBeLessThan(place('docker tag'))
  const stacks = ['docker push', 'sam deploy --stack-name lpr-bootstrap', 'sam deploy --region']
  expect(stacks.map(place)).toEqual(stacks.map(place).sort((a, b) => a - b))
})

test('-n deploy shows every step and takes none', () => {
  const { code, output, calls } = run(['-n', 'deploy'])
  expect(code).toBe(0)
  expect(calls).toEqual(LOOKUPS.slice(0, 2))
  for (const step of [
    'docker login',
    'docker build',
    'docker push',
    'sam build',
    'sam deploy --stack-name lpr-bootstrap',
  ])
    expect(output).toContain(step)
})

test('a tag of your own moves the image and the bootstrap stack alike', () => {
  const { calls } = run(['deploy', 'ROUTER_IMAGE_TAG=mine'])
  expect(calls.filter((call) => call.includes('1.2.3'))).toEqual([])
  expect(calls).toContain(`docker push ${image('mine')}`)
  expect(calls.find((call) => call.startsWith('sam deploy --stack-name'))).toContain(image('mine'))
})

test('account and region can be given, and are then not asked for', () => {
  const { calls } = run(['deploy'], { AWS_REGION: 'us-east-2', AWS_ACCOUNT_ID: '210987654321' })
  expect(calls.filter((call) => /sts|configure/.test(call))).toEqual([])
  expect(calls).toContain(
    'docker push 210987654321.dkr.ecr.us-east-2.amazonaws.com/lambda-parallel-router/router:1.2.3',
  )
  expect(run(['print-vars'], { AWS_DEFAULT_REGION: 'us-west-2' }).output).toContain('AWS_REGION=us-west-2\n')
})

test.each(['help', 'check', 'test', 'build', 'demo', 'image-build'])('%s asks AWS nothing', (target) => {
  const { code, calls } = run(['-n', target], { AWS_REGION: '' })
  expect(code).toBe(0)
  expect(calls).toEqual([])
})

const MISTAKES: [string, Record<string, string>, string[], string | undefined, RegExp][] = [
  ['without docker', {}, [], 'docker', /docker is missing: install/],
  ['without sam', {}, [], 'sam', /sam is missing: install/],
  ['without aws', {}, [], 'aws', /aws is missing: install/],
  [
    'while docker is not running',
    { FAIL: 'docker version *' },
    [],
    undefined,
    /docker does not answer: start it/,
  ],
  ['without a region', { REGION: '' }, [], undefined, /no AWS region: set AWS_REGION/],
  ['without credentials', { FAIL: 'aws sts *' }, [], undefined, /no AWS account: .* no valid credentials/],
  [
    'to a repository outside the prefix',
    {},
    ['ROUTER_REPO_NAME=mine/router'],
    undefined,
    /must begin with lambda-parallel-router\/ .* got mine\/router/,
  ],
]
test.each(MISTAKES)(
  'deploy %s fails before it touches anything',
  (_, environment, args, missing, message) => {
    if (missing !== undefined) rmSync(join(dir, 'bin', missing))
    for (const parallel of [[], ['-j4']]) {
      const { code, output, calls } = run([...parallel, 'deploy', ...args], environment)
      expect(code).toBe(2)
      expect(output).toMatch(message)
      expect(steps(calls)).toEqual([])
    }
  },
)

test.each(DEPLOY)('nothing follows after %s has failed', (step) => {
  const { code, calls } = run(['deploy'], { FAIL: step.replace(/[[\]?*]/g, '\\$&') })
  expect(code).toBe(2)
  // Docker is at the other end of the pipe and has been started with it.
  const end = DEPLOY.indexOf(step === GET_PASSWORD ? DOCKER_LOGIN : step) + 1
  expect(steps(calls)).toEqual(DEPLOY.slice(0, end))
})

test('several architectures are built in one go and pushed from the cache', () => {
  const { code, calls } = run(['image-push', 'ROUTER_IMAGE_PLATFORM=linux/amd64,linux/arm64'])
  expect(code).toBe(0)
  const build = '--platform linux/amd64,linux/arm64 --provenance=false --file router/Dockerfile .'
  expect(calls.filter((call) => /^docker (build|push|tag)/.test(call))).toEqual([
    `docker buildx build --output type=cacheonly ${build}`,
    `docker buildx build --push --tag ${image('1.2.3')} ${build}`,
  ])
})

test('a public registry gets its repository and its login in the one region that knows them', () => {
  const { code, calls } = run(['image-push', 'ECR_REGISTRY=public.ecr.aws/abc'], {
    FAIL: 'aws ecr-public --region us-east-1 describe*',
  })
  expect(code).toBe(0)
  expect(calls).toEqual(
    expect.arrayContaining([
      'aws ecr-public --region us-east-1 create-repository --repository-name lambda-parallel-router/router',
      'aws ecr-public --region us-east-1 get-login-password',
      'docker login --username AWS --password-stdin public.ecr.aws',
      'docker push public.ecr.aws/abc/lambda-parallel-router/router:1.2.3',
    ]),
  )
})

test('in China the registry has the domain of China', () => {
  expect(run(['print-vars'], { AWS_REGION: 'cn-north-1' }).output).toContain(
    'ECR_REGISTRY=123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn\n',
  )
})

test('a creation template that is there is updated', () => {
  const { calls } = run(['ecr-template'], { TEMPLATES: '1' })
  expect(calls.at(-1)).toBe(
    `aws ecr --region eu-west-1 update-repository-creation-template ${CREATION_TEMPLATE}`,
  )
})

test('deleting a creation template that is not there is no error', () => {
  const { code, calls } = run(['ecr-template-delete'], { FAIL: 'aws ecr *' })
  expect(code).toBe(0)
  expect(calls.at(-1)).toBe(
    'aws ecr delete-repository-creation-template --region eu-west-1 --prefix lambda-parallel-router',
  )
})

test('the bootstrap stack is built before it is deployed, with the platform and bucket given', () => {
  const { calls } = run(['bootstrap-deploy', 'BOOTSTRAP_BUCKET=mine', 'COMPUTE_PLATFORM=ECS_EXPRESS'])
  const [build, deploy] = calls.filter((call) => call.startsWith('sam '))
  expect(build).toBe('sam build --template-file template.yaml')
  expect(deploy).toMatch(/ DefaultComputePlatform=ECS_EXPRESS UseExistingBucket=mine$/)
})

test('the demo goes to the region of the bootstrap stack, on the platform given', () => {
  const { calls } = run(['sam-deploy', 'COMPUTE_PLATFORM=ECS_EXPRESS'])
  expect(calls.filter((call) => call.startsWith('sam '))).toEqual([
    'sam build',
    'sam deploy --region eu-west-1 --parameter-overrides ComputePlatform=ECS_EXPRESS',
  ])
})
