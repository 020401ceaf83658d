import { onceOfLanguages, ROUTES } from './languages-testing.ts'

// Compiles three functions; most of what they need is compiled already for other tests.
test('with their toolchains every function in Go, Rust and Java is built, run and answers', async () => {
  const { status, report } = await onceOfLanguages(process.env)
  expect(report.routes).toMatchObject(ROUTES.map((path) => ({ path, problems: [], statuses: { 200: 8 } })))
  for (const route of report.routes) expect(route.skipped).toBeUndefined()
  expect(status).toBe(0)
}, 300_000)
