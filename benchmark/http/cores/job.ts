/** A process that does the same work whenever it is asked to, and says how long it took. */
export interface JobReply {
  ms: number
}

/** Work as servers have it; what waits for its own last result, as sums in a loop do, is not slower on half a core. */
const DOCUMENT = JSON.stringify(
  Array.from({ length: 40 }, (_, index) => ({
    id: `r-${index}`,
    headers: { host: 'api.example.com', 'content-type': 'text/plain' },
    body: 'abcdefghijklmnopqrstuvwxyz '.repeat(25),
    numbers: [index, index / 3, -1],
  })),
)
/** About five milliseconds. */
const REPETITIONS = 80
/** Until V8 has compiled what it will. */
const WARM_UPS = 60

function work(): number {
  let length = 0
  for (let index = 0; index < REPETITIONS; index += 1) length += JSON.stringify(JSON.parse(DOCUMENT)).length
  return length
}

for (let index = 0; index < WARM_UPS; index += 1) work()
process.on('message', () => {
  const startedAtMs = performance.now()
  work()
  const reply: JobReply = { ms: performance.now() - startedAtMs }
  process.send?.(reply)
})
process.on('disconnect', () => process.exit(0))
