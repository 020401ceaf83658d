/** Where the handlers of a test wait for each other, so that they are all at work at the same time. */
export class Rendezvous {
  #missing = 0
  #open: () => void = () => {}
  #met: Promise<void> = Promise.resolve()

  /** From here on `arrive` waits until that many have come. */
  expect(count: number): void {
    this.#missing = count
    this.#met = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  arrive(): Promise<void> {
    this.#missing -= 1
    if (this.#missing <= 0) this.#open()
    return this.#met
  }
}
