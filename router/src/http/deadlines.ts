import type { Clock, Timer } from '../clock.ts'

/** Somebody who is given up at a time. */
export interface Mortal {
  /** On the router's clock; infinite when there is none, or none any more. */
  readonly deadlineAtMs: number
  /** The time has come. */
  expire(): void
}

/**
 * Watches the deadlines of many with one timer. Nearly everybody is done long before, so a timer for each would be set
 * and cancelled for nothing: a twentieth of the CPU of a request in a full batch. This one goes off at the earliest deadline
 * that it was told of, and then looks who is left.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #members: Iterable<Mortal>
  #timer: Timer | undefined
  #wakesAtMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, members: Iterable<Mortal>) {
    this.#clock = clock
    this.#members = members
  }

  /** To be told of each deadline of a member when it is set. */
  watch(deadlineAtMs: number): void {
    if (deadlineAtMs >= this.#wakesAtMs) return
    this.#timer?.cancel()
    this.#wakesAtMs = deadlineAtMs
    // Whole ms, so that what is lost to rounding is waited for in a step of its own, and not in one of no length.
    this.#timer = this.#clock.after(Math.ceil(deadlineAtMs - this.#clock.now()), () => this.#wake())
  }

  /** Lets go of the timer, for when there are no members any more. */
  stop(): void {
    this.#timer?.cancel()
    this.#wakesAtMs = Number.POSITIVE_INFINITY
  }

  #wake(): void {
    this.#wakesAtMs = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const member of this.#members) {
      if (member.deadlineAtMs <= now) member.expire()
      else next = Math.min(next, member.deadlineAtMs)
    }
    if (next < Number.POSITIVE_INFINITY) this.watch(next)
  }
}
