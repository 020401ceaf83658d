import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Close = () => unknown

/** Thrown by what was under way when the session was stopped. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

/** What a session has started, so that all of it is stopped again, last first, whenever the stop comes. */
export class Services {
  readonly #closers: { name: string; close: Close }[] = []
  #stopping: Promise<void> | undefined

  get stopped(): boolean {
    return this.#stopping !== undefined
  }

  /** Keeps something that was started. If the session was stopped meanwhile it is closed at once, and this throws. */
  async own<T>(name: string, started: Promise<T>, close: (service: T) => unknown): Promise<T> {
    const service = await started
    if (this.stopped) {
      await close(service)
      throw new StoppedError('stopped')
    }
    this.#closers.push({ name, close: () => close(service) })
    return service
  }

  /** A temporary directory that goes with the session. */
  temporaryDirectory(): Promise<string> {
    return this.own('temporary directory', mkdtemp(join(tmpdir(), 'lpr-dev-')), (directory) =>
      rm(directory, { recursive: true, force: true }),
    )
  }

  /** Stops everything; one failure does not keep the rest from being stopped. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = []
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      try {
        await close()
      } catch (cause) {
        failures.push(new Error(`${name} could not be stopped`, { cause }))
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
  }
}
