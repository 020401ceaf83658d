import { summariseProfile } from './profile.ts'

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 9 })

test('self time is summed by function, within the measured spans, idle time left out', () => {
  const profile = {
    startTime: 1000,
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('work', 'file:///a/b/router.mjs') },
      { id: 3, callFrame: frame('', 'node:net') },
      // The same function, called from somewhere else.
      { id: 4, callFrame: frame('work', 'file:///a/b/router.mjs') },
    ],
    samples: [2, 2, 1, 3, 4, 2],
    timeDeltas: [0, 100, 100, 100, 100, 1000],
  }
  const { busyMs, functions } = summariseProfile(profile, [[1050, 1500]])
  expect(busyMs).toBeCloseTo(0.3)
  expect(functions.map(({ name, selfMs }) => [name, selfMs])).toEqual([
    ['work router.mjs:10', 0.2],
    ['(anonymous) node:net:10', 0.1],
  ])
})
