/**
 * Runs `work` for every item, at most `limit` at a time, started in order. Settles when all are done.
 * `work` must not reject: what to do about one item's failure is for the caller to say.
 */
export async function forEachLimited<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) await work(item, index)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
