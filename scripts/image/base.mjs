// A stand-in for the image that the Dockerfile starts from: Debian's packages, Node.js, npm, and the user `node`.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The base image that a Dockerfile names, taken apart. Throws if it is not pinned to a version of Node.js and Debian. */
export function readBase(dockerfile) {
  const tag = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(dockerfile, 'utf8'))?.[1]
  const [, version, suite] = /^node:(\d+\.\d+\.\d+)-([a-z]+)-slim$/.exec(tag ?? '') ?? []
  if (suite === undefined)
    throw new Error(`${dockerfile}: ARG NODE_IMAGE must be node:<x.y.z>-<suite>-slim, got ${tag}`)
  return { tag, version, suite }
}

/** Makes the base image from the Node.js program at `node`, unless the store has it. */
export function makeBase(buildah, { tag, version, suite }, node, directory) {
  const got = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  if (got !== `v${version}`)
    throw new Error(`the Dockerfile starts from Node.js ${version}, ${node} is ${got}`)
  const name = `docker.io/library/${tag}`
  if (buildah.has(name)) return
  const root = join(directory, 'base')
  rmSync(root, { recursive: true, force: true })
  execFileSync('debootstrap', ['--variant=minbase', '--include=ca-certificates', suite, root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  addNode(root, node)
  execFileSync('chroot', [root, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node'])
  const file = join(directory, 'Dockerfile.base')
  writeFileSync(file, 'FROM scratch\nCOPY . /\nCMD ["node"]\n')
  buildah.build(file, root, name)
  rmSync(root, { recursive: true, force: true })
}

/** npm is this machine's, with the registry and the authorities that it trusts here. */
function addNode(root, node) {
  const modules = join(root, 'usr/local/lib/node_modules')
  mkdirSync(modules, { recursive: true })
  cpSync(node, join(root, 'usr/local/bin/node'))
  cpSync(npmDirectory(), join(modules, 'npm'), { recursive: true, dereference: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'))
  const settings = [`registry=${npmSetting('registry')}`]
  const authorities = npmSetting('cafile')
  if (existsSync(authorities)) {
    cpSync(authorities, join(root, 'etc/ssl/certs/lpr-npm.pem'))
    settings.push('cafile=/etc/ssl/certs/lpr-npm.pem')
  }
  mkdirSync(join(root, 'usr/local/etc'), { recursive: true })
  writeFileSync(join(root, 'usr/local/etc/npmrc'), `${settings.join('\n')}\n`)
}

function npmDirectory() {
  const modules = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim()
  if (existsSync(join(modules, 'npm/bin/npm-cli.js'))) return join(modules, 'npm')
  const program = execFileSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' }).trim()
  return dirname(dirname(program))
}

function npmSetting(name) {
  return execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim()
}
