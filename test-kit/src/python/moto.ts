import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { pythonProgram } from './python.ts'

/** AWS as moto has it, on a free port of this machine. https://docs.getmoto.org/en/latest/docs/server_mode.html */
export class Moto {
  /** Endpoint for every service, for example as `AWS_ENDPOINT_URL_S3`. */
  readonly url: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  private constructor(url: string, child: ChildProcess, exited: Promise<unknown>) {
    this.url = url
    this.#child = child
    this.#exited = exited
  }

  /** Rejects with what moto said if it ends before it listens. */
  static async start(): Promise<Moto> {
    const child = spawn(pythonProgram('moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
      // Without buffering, as the line with the port has to come before anything asks for it.
      env: { PATH: process.env.PATH, PYTHONUNBUFFERED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = new Promise((resolve) => child.once('close', resolve))
    // Else moto would outlive a test run that is broken off.
    process.once('exit', () => child.kill('SIGKILL'))
    const said: string[] = []
    const url = await new Promise<string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => reject(new Error(`moto did not start: ${said.join('\n')}`)))
      for (const input of [child.stdout, child.stderr])
        createInterface({ input }).on('line', (line) => {
          said.push(line)
          const found = /Running on (http:\/\/\S+)/.exec(line)?.[1]
          if (found !== undefined) resolve(found)
        })
    })
    return new Moto(url, child, exited)
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}
