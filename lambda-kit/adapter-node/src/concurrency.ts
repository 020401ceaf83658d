/** Checks the `concurrency` option. Throws a TypeError unless it is undefined, Infinity or an integer of 1 or more. */
export function checkConcurrency(value: unknown): number {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw new TypeError(`concurrency must be an integer of 1 or more, got ${String(value)}`)
}

/** Runs a task for every item, at most `limit` at a time, each started as soon as there is room. Tasks must not reject. */
export async function forEachLimited<Item>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      await task(items[index] as Item, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
