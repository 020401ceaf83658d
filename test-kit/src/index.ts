export * from './faulty-lambda/index.ts'
export { HttpConnection, type Outcome, type RequestParts } from './http-connection.ts'
export { ManualClock } from './manual-clock.ts'
export { SeededRandom } from './random.ts'
