import type { RouteSecond } from './messages.ts'

/** A second in which nothing happened. */
export function nothing(): RouteSecond {
  return {
    requests: 0,
    shed: 0,
    failed: 0,
    codes: {},
    latency: {},
    wait: {},
    sizes: {},
    flushReasons: {},
    invocations: 0,
    invocationMs: 0,
    items: 0,
    itemMs: 0,
  }
}
