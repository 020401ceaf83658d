/**
 * Runs `work` for every item, at most `limit` at a time, started in order. Settles when all are done.
 * `work` must not reject: what to do about one item's failure is for the caller to say.
 */
export async function forEachLimited<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  if (limit >= items.length) {
    await Promise.all(items.map(work))
    return
  }
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) await work(item, index)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
