import type { Clock } from '../../clock.ts'
import { DASHBOARD_CSP, DASHBOARD_PAGE } from '../../generated/dashboard-page.ts'
import type { Telemetry } from '../../telemetry/events.ts'
import type { AdminPages } from '../server.ts'
import type { Status } from '../status.ts'
import { Feed, frame } from './feed.ts'
import type { Hello, Second } from './messages.ts'
import { SecondCounter } from './seconds.ts'
import { Timeline } from './timeline.ts'

export interface DashboardOptions {
  telemetry: Telemetry
  clock: Clock
  status(): Status
}

const SECOND_MS = 1000
/** How often batches of the timeline are told of: often enough to see them form. */
const BATCHES_MS = 250
/** Seconds that a viewer is shown of the time before it came. */
const HISTORY_SECONDS = 300

/**
 * The dashboard: a page, and the feed that it lives on. Requests are counted always, so that whoever opens it sees what
 * has been; batches are followed only while somebody looks.
 */
export class Dashboard {
  readonly #options: DashboardOptions
  readonly #counter = new SecondCounter()
  readonly #timeline: Timeline
  readonly #feed = new Feed()
  readonly #unfollow: () => void
  #history: Second[] = []
  #timers: NodeJS.Timeout[] = []

  constructor(options: DashboardOptions) {
    this.#options = options
    this.#timeline = new Timeline(options.clock)
    this.#unfollow = this.#counter.follow(options.telemetry)
    this.#feed.onWatched = (watched) => {
      if (watched) this.#timeline.start(options.telemetry)
      else this.#timeline.stop()
    }
  }

  /** Pages of the admin server: `/` and `/live`. */
  get pages(): AdminPages {
    return {
      '/': (request, response) => {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': DASHBOARD_CSP,
          'cache-control': 'no-cache',
        })
        response.end(request.method === 'HEAD' ? undefined : DASHBOARD_PAGE)
      },
      '/live': (request, response) =>
        this.#feed.admit(request, response, () => frame('hello', this.#hello())),
    }
  }

  /** Starts the ticking. It is for eyes, so it needs no clock that tests can move: they call what it calls. */
  start(): void {
    this.#timers = [
      setInterval(() => this.second(), SECOND_MS).unref(),
      setInterval(() => this.batches(), BATCHES_MS).unref(),
    ]
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.#unfollow()
    this.#timeline.stop()
  }

  /** Ends a second and tells of it. */
  second(): void {
    const { status, clock } = this.#options
    const { state, uptimeSeconds, inflightRequests, inflightInvocations, pendingInvocations } = status()
    const second: Second = {
      atMs: clock.epochMs(),
      state,
      uptimeSeconds,
      inflightRequests,
      inflightInvocations,
      pendingInvocations,
      routes: this.#counter.take(),
    }
    this.#history.push(second)
    if (this.#history.length > HISTORY_SECONDS) this.#history.shift()
    if (this.#feed.viewers > 0) this.#feed.send(frame('second', second))
  }

  /** Tells of batches that have changed. */
  batches(): void {
    if (this.#feed.viewers === 0) return
    const changes = this.#timeline.changes()
    if (changes.batches.length > 0) this.#feed.send(frame('batches', changes))
  }

  #hello(): Hello {
    const { version, configSha256, routes } = this.#options.status()
    return {
      version,
      configSha256,
      routes: routes.map(({ routeKey, functionName, maxWaitMs, maxBatchSize }) => ({
        routeKey,
        functionName,
        maxWaitMs,
        maxBatchSize,
      })),
      history: this.#history,
    }
  }
}
