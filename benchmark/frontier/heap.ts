/** Values in order of their time; of the same time, in no order that matters but the same on every run. */
export class TimeHeap<Value> {
  readonly #entries: { atMs: number; value: Value }[] = []

  get nextAtMs(): number {
    return this.#entries[0]?.atMs ?? Number.POSITIVE_INFINITY
  }

  push(atMs: number, value: Value): void {
    const entries = this.#entries
    let index = entries.push({ atMs, value }) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#swapIfLess(index, parent)) break
      index = parent
    }
  }

  pop(): Value | undefined {
    const [first] = this.#entries
    const last = this.#entries.pop()
    if (last === undefined || first === undefined) return undefined
    if (this.#entries.length > 0) {
      this.#entries[0] = last
      this.#sink()
    }
    return first.value
  }

  #sink(): void {
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (!this.#swapIfLess(child, index)) return
      index = child
    }
  }

  #at(index: number): number {
    return this.#entries[index]?.atMs ?? Number.POSITIVE_INFINITY
  }

  #swapIfLess(a: number, b: number): boolean {
    const one = this.#entries[a]
    const other = this.#entries[b]
    if (one === undefined || other === undefined || one.atMs >= other.atMs) return false
    this.#entries[a] = other
    this.#entries[b] = one
    return true
  }
}
