import { readdirSync, readFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

/** What Node.js 24 calls the threads on which V8 compiles and collects; earlier ones have no names. */
const HELPER = 'V8Worker'
/** Below the process's own. Where they have to share a core the event loop gets nine tenths of it, and helpers are not starved. */
const STEPS_DOWN = 10

/**
 * Lets V8's helper threads give way to the event loop where there are fewer cores than threads that want one. By default
 * they are its equals, and a request that arrives while each core has a helper waits until the kernel takes one away,
 * which can be 4 ms. Lowering a priority needs no right. Only Linux knows priorities of threads (sched(7), nice(2));
 * elsewhere, or without `/proc`, nothing happens.
 */
export function letHelperThreadsGiveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const niceness = Math.min(getPriority() + STEPS_DOWN, constants.priority.PRIORITY_LOW)
    for (const thread of readdirSync('/proc/self/task')) {
      if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === HELPER)
        setPriority(Number(thread), niceness)
    }
  } catch {
    // A sandbox may forbid it, or a thread be gone: then everything stays as the system has it.
  }
}
