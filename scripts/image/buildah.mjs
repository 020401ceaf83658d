// Buildah with a store of its own, so that nothing on this machine but `.build/image` is touched.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** An image store in a directory. Images are built by running their steps in a chroot: no daemon, no nested container. */
export class Buildah {
  #store

  constructor(directory) {
    this.#store = [
      '--root',
      join(directory, 'store'),
      '--runroot',
      join(directory, 'run'),
      '--storage-driver',
      'vfs',
    ]
  }

  /** Runs a command and returns what it printed. Its messages are shown only if it fails. */
  run(...args) {
    try {
      return execFileSync('buildah', [...this.#store, ...args], {
        encoding: 'utf8',
        maxBuffer: 64 * 2 ** 20,
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim()
    } catch (error) {
      throw new Error(`buildah ${args[0]} failed:\n${error.stdout ?? ''}${error.stderr ?? error.message}`)
    }
  }

  /** Builds the Dockerfile at `file` from `context`. The format is Docker's, because OCI's knows no HEALTHCHECK. */
  build(file, context, tag) {
    return this.run(
      ...['build', '--isolation', 'chroot', '--format', 'docker', '--pull-never', '--layers=false'],
      ...['--file', file, '--tag', tag, context],
    )
  }

  has(tag) {
    return this.run('images', '--format', '{{.Name}}:{{.Tag}}').split('\n').includes(tag)
  }

  /** What the image says about running it, as `docker inspect` shows it. */
  config(tag) {
    return JSON.parse(this.run('inspect', '--type', 'image', tag)).Docker.config
  }

  /** The files of an image, in a directory that stays until `remove`. */
  mount(tag) {
    const container = this.run('from', '--pull-never', tag)
    return { container, root: this.run('mount', container) }
  }

  remove(container) {
    this.run('rm', container)
  }

  /** Removes what earlier runs have left: each image is a whole copy of its files. */
  tidy() {
    this.run('rm', '--all')
    this.run('rmi', '--prune', '--force')
  }
}
