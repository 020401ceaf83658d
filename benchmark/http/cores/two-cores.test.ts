import { TwoCores } from './two-cores.ts'

const TWO = 1.02
const ONE = 1.62

/** `slowdowns` are met one after the other, the last for ever; a measurement takes a second. */
function coresOf(slowdowns: number[], patienceMs = 60_000) {
  let timeMs = 0
  const told: string[] = []
  const cores = new TwoCores({
    slowdown: async () => (slowdowns.length > 1 ? slowdowns.shift() : slowdowns[0]) ?? TWO,
    patienceMs,
    now: () => timeMs,
    sleep: async (ms) => {
      timeMs += ms
    },
    onProgress: (what) => told.push(what),
  })
  let measurements = 0
  const measure = async (): Promise<number> => {
    timeMs += 1000
    measurements += 1
    return measurements
  }
  return { cores, measure, told }
}

test('what had two cores before and after is measured once', async () => {
  const { cores, measure, told } = coresOf([TWO])
  expect(await cores.during(measure)).toEqual({ result: 1, shared: false })
  expect(cores.report).toEqual({ waitedMs: 0, repeated: 0, shared: 0 })
  expect(told).toEqual([])
})

test('nothing is measured before there are two cores', async () => {
  const { cores, measure, told } = coresOf([ONE, ONE, ONE, TWO])
  expect(await cores.during(measure)).toEqual({ result: 1, shared: false })
  expect(cores.report).toEqual({ waitedMs: 1500, repeated: 0, shared: 0 })
  expect(told).toEqual(['waits, because the two cores are hardly more than one'])
})

test('what had no longer two cores at its end is measured again', async () => {
  const { cores, measure } = coresOf([TWO, ONE, ONE, TWO, TWO])
  expect(await cores.during(measure)).toEqual({ result: 2, shared: false })
  expect(cores.report).toEqual({ waitedMs: 500, repeated: 1, shared: 0 })
})

test('when patience is over everything is measured as it is, and counted', async () => {
  const { cores, measure } = coresOf([TWO, ONE], 2000)
  expect(await cores.during(measure)).toEqual({ result: 2, shared: true })
  expect(await cores.during(measure)).toEqual({ result: 3, shared: true })
  expect(cores.report).toEqual({ waitedMs: 1000, repeated: 1, shared: 2 })
})

test('what began on one core counts as shared whatever it ended on', async () => {
  const { cores, measure } = coresOf([ONE, ONE, TWO], 500)
  expect(await cores.during(measure)).toEqual({ result: 1, shared: true })
})
