// Loaded into a router's process: answers the parent's question how much memory the router holds.
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const LOOKS = 20
const LOOK_INTERVAL_MS = 100
const MIB = 2 ** 20

/** The least of several looks: V8 gives pages back some time after a collection, in threads of its own. */
async function memory() {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < LOOKS; look++) {
    globalThis.gc()
    await setTimeout(LOOK_INTERVAL_MS)
    least = Math.min(least, residentBytes())
  }
  return { resident: round(least), heap: round(process.memoryUsage().heapUsed) }
}

/** What the process itself has filled. Pages of its program come and go as the kernel likes. */
function residentBytes() {
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kib) * 1024
}

function round(bytes) {
  return Math.round((bytes / MIB) * 10) / 10
}

process.on('message', () => {
  void memory().then((answer) => process.send(answer))
})
process.channel.unref()
