import type { Item } from './item.ts'

/**
 * The items of a batch, in order of arrival. Not a `Set`: that moves to a larger table as it grows, gives each member a hash
 * that it has to find room for, and moves back as they leave, which was a thirtieth of the CPU of a request in a
 * full batch.
 */
export class ItemList implements Iterable<Item> {
  /** Those who have left leave a gap. */
  readonly #places: (Item | undefined)[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(item: Item): void {
    item.place = this.#places.push(item) - 1
    this.#size += 1
  }

  /** Whether it was there. */
  delete(item: Item): boolean {
    if (this.#places[item.place] !== item) return false
    this.#places[item.place] = undefined
    this.#size -= 1
    return true
  }

  /** Those who are there now, whatever happens meanwhile. */
  [Symbol.iterator](): Iterator<Item> {
    return this.#places.filter((item) => item !== undefined)[Symbol.iterator]()
  }
}
