type Subscriber<Event> = (event: Event) => void

/**
 * One kind of event. Subscribers are called in the order in which they subscribed, synchronously, at the moment that
 * the event tells of: who wants a time reads a clock. They must not throw, and must not change what they are given.
 */
export class Channel<Event> {
  #subscribers: Subscriber<Event>[] = []
  /** To be called as `publish?.({ … })`: with nobody subscribed it is undefined, and not even the event is made. */
  publish: Subscriber<Event> | undefined

  /** Returns what ends the subscription. */
  subscribe(subscriber: Subscriber<Event>): () => void {
    this.#use([...this.#subscribers, subscriber])
    return () => this.#use(this.#subscribers.filter((other) => other !== subscriber))
  }

  #use(subscribers: Subscriber<Event>[]): void {
    this.#subscribers = subscribers
    const [only] = subscribers
    if (subscribers.length <= 1) this.publish = only
    else
      this.publish = (event) => {
        for (const subscriber of subscribers) subscriber(event)
      }
  }
}
