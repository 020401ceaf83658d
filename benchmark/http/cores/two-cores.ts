/** What came of waiting for two cores. */
export interface TwoCoresReport {
  waitedMs: number
  /** Measurements that were made again. */
  repeated: number
  /** Measurements that count all the same, because there was no more time to lose. */
  shared: number
}

export interface TwoCoresOptions {
  /** How many times as long work takes when both cores do it. */
  slowdown(): Promise<number>
  /** How much time may be lost with waiting and measuring again, over all. */
  patienceMs: number
  now(): number
  sleep(ms: number): Promise<void>
  onProgress(what: string): void
}

/** Two cores are at 1 to 1.1. */
const SHARED = 1.3
const POLL_MS = 500

/** Sees to it that what is measured had two cores from beginning to end, as long as its patience lasts. */
export class TwoCores {
  readonly #options: TwoCoresOptions
  readonly #report: TwoCoresReport = { waitedMs: 0, repeated: 0, shared: 0 }
  #lostMs = 0

  constructor(options: TwoCoresOptions) {
    this.#options = options
  }

  get report(): TwoCoresReport {
    return { ...this.#report }
  }

  /** Waits for two cores; false where patience ends before. */
  async wait(): Promise<boolean> {
    const { sleep, onProgress } = this.#options
    for (let polls = 0; await this.#shared(); polls += 1) {
      if (!this.#patient) return false
      if (polls === 0) onProgress('waits, because the two cores are hardly more than one')
      await sleep(POLL_MS)
      this.#lostMs += POLL_MS
      this.#report.waitedMs += POLL_MS
    }
    return true
  }

  /** Measures, and again until there were two cores; `shared` says that patience ended before. */
  async during<Result>(measure: () => Promise<Result>): Promise<{ result: Result; shared: boolean }> {
    const { now, onProgress } = this.#options
    for (;;) {
      const two = await this.wait()
      const startedAtMs = now()
      const result = await measure()
      if (two && !(await this.#shared())) return { result, shared: false }
      if (!this.#patient) {
        this.#report.shared += 1
        return { result, shared: true }
      }
      onProgress('once more, because the two cores were hardly more than one')
      this.#lostMs += now() - startedAtMs
      this.#report.repeated += 1
    }
  }

  get #patient(): boolean {
    return this.#lostMs < this.#options.patienceMs
  }

  async #shared(): Promise<boolean> {
    return (await this.#options.slowdown()) > SHARED
  }
}
