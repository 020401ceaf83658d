import { runIsolation } from './isolation/run.ts'

test('Of 20,000 requests with secrets none sees another, none is lost, none is answered twice', async () => {
  const summary = await runIsolation({ requests: 20_000, seed: 20_260_101 })
  process.stdout.write(`${JSON.stringify(summary)}\n`)
  expect(summary).toMatchObject({
    crossings: 0,
    lost: 0,
    losses: [],
    duplicated: 0,
    spoiled: 0,
    left: { requests: 0, invocations: 0, pending: 0 },
  })
  // The run is worth something only if everything that can happen did happen.
  expect(Object.keys(summary.verdicts)).toEqual(
    expect.arrayContaining([
      '200',
      'reset',
      'left',
      'function_throttled',
      'function_error',
      'invoke_failed',
      'invalid_function_response',
      'missing_function_response',
      'timeout',
    ]),
  )
}, 240_000)
