import { Helper } from '../processes/helper.ts'
import type { JobReply } from './job.ts'

/** Of each, the fastest counts: whatever else wants a core for a moment only makes it slower. */
const TRIES = 3

/**
 * Two processes that tell whether the machine has two cores just then. A virtual machine has them also while its host gives it little
 * more than one, the two threads of a core as it seems: the same work on both at once then takes two thirds more time, for a second
 * or for minutes, and nothing that the machine counts shows it.
 */
export class CorePair {
  readonly #first: Helper<object, JobReply>
  readonly #second: Helper<object, JobReply>

  /** `job`: the bundle of `job.ts`. */
  constructor(job: string) {
    this.#first = new Helper(job)
    this.#second = new Helper(job)
  }

  /** How many times as long work takes when both cores do it: 1 where they are two, 1.6 and more where they are hardly more than one. */
  async slowdown(): Promise<number> {
    let alone = Number.POSITIVE_INFINITY
    let together = Number.POSITIVE_INFINITY
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { ms } = await this.#first.ask({})
      const both = await Promise.all([this.#first.ask({}), this.#second.ask({})])
      alone = Math.min(alone, ms)
      together = Math.min(together, Math.max(...both.map((reply) => reply.ms)))
    }
    return together / alone
  }

  stop(): void {
    this.#first.stop()
    this.#second.stop()
  }
}
