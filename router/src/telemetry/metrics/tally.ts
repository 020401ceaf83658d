import type { Attributes, Meter } from '@opentelemetry/api'

/**
 * A counter that is read when somebody collects. The SDK's own finds its series by a text made of the labels, for each
 * increment anew; here a label set is an object that is always the same one, and counting costs a look into a map.
 */
export class Tally {
  readonly #counts = new Map<Attributes, { count: number }>()

  constructor(meter: Meter, name: string, options: { unit: string; description: string }) {
    meter.createObservableCounter(name, options).addCallback((result) => {
      for (const [labels, { count }] of this.#counts) result.observe(count, labels)
    })
  }

  /** `labels`: one of a `RouteLabels`, which makes each only once. */
  add(count: number, labels: Attributes): void {
    const entry = this.#counts.get(labels)
    if (entry === undefined) this.#counts.set(labels, { count })
    else entry.count += count
  }
}
