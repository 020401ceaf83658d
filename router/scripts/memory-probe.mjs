// Loaded into a router's process: answers the parent's question how much memory the router holds.
import { setTimeout } from 'node:timers/promises'

const LOOKS = 60
const LOOK_INTERVAL_MS = 300
const MIB = 2 ** 20

/** The least of many looks: V8 gives pages back long after a collection, in threads of its own. */
async function memory() {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < LOOKS; look++) {
    globalThis.gc()
    await setTimeout(LOOK_INTERVAL_MS)
    least = Math.min(least, process.memoryUsage().rss)
  }
  return { resident: round(least), heap: round(process.memoryUsage().heapUsed) }
}

function round(bytes) {
  return Math.round((bytes / MIB) * 10) / 10
}

process.on('message', () => {
  void memory().then((answer) => process.send(answer))
})
process.channel.unref()
