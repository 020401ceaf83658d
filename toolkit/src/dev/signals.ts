const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface SignalWatch {
  /** Aborted by the first signal. */
  signal: AbortSignal
  /** Resolves with the first signal. */
  received: Promise<NodeJS.Signals>
  /** Gives the signals their usual meaning back. */
  dispose(): void
}

/** Tools that run this one, such as npm, pass on a signal that the terminal has sent already. */
const ECHO_MS = 500

/** Calls `stop` on the first signal that asks the process to end; a later one ends the process at once. */
export function untilSignal(stop: () => Promise<void>): SignalWatch {
  const abort = new AbortController()
  let resolve: (name: NodeJS.Signals) => void = () => {}
  const received = new Promise<NodeJS.Signals>((settle) => {
    resolve = settle
  })
  let firstAt = 0
  const onSignal = (name: NodeJS.Signals): void => {
    if (abort.signal.aborted) {
      if (performance.now() - firstAt > ECHO_MS) process.exit(1)
      return
    }
    firstAt = performance.now()
    abort.abort()
    resolve(name)
    // What goes wrong here is thrown again where the session is stopped for good.
    stop().catch(() => {})
  }
  for (const name of SIGNALS) process.on(name, onSignal)
  return {
    signal: abort.signal,
    received,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, onSignal)
    },
  }
}
