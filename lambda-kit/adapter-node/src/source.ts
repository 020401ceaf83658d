/** Something that yields the pieces of a body one by one. Must be read to its end or closed. */
export interface Source {
  next(): Promise<IteratorResult<unknown>>
  /** Lets the owner clean up: a generator runs its `finally`, a stream is destroyed. May settle late, or never. */
  close(): Promise<void>
}

interface WebStream {
  getReader(): { read(): Promise<IteratorResult<unknown>>; cancel(): Promise<void> }
}

interface NodeStream {
  destroy(): unknown
  on(event: 'error', listener: () => void): unknown
}

/** Opens streams, async iterables and iterables; undefined for anything else. */
export function openSource(value: unknown): Source | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (isWebStream(value)) return fromWebStream(value)
  if (isAsyncIterable(value)) return fromAsyncIterable(value)
  return isIterable(value) ? fromIterator(value[Symbol.iterator]()) : undefined
}

/** Whether the value yields its pieces over time. Unlike an array it cannot be meant as JSON. */
export function isAsyncSource(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (isWebStream(value) || isAsyncIterable(value))
}

function isWebStream(value: object): value is WebStream {
  return 'getReader' in value && typeof value.getReader === 'function'
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value
}

function isNodeStream(value: object): value is NodeStream {
  return 'destroy' in value && typeof value.destroy === 'function' && 'on' in value
}

/** By its reader, not as an iterable: only the reader can be cancelled while a read is pending. */
function fromWebStream(stream: WebStream): Source {
  const reader = stream.getReader()
  return { next: () => reader.read(), close: () => reader.cancel() }
}

function fromAsyncIterable(iterable: AsyncIterable<unknown>): Source {
  const source = fromIterator(iterable[Symbol.asyncIterator]())
  if (!isNodeStream(iterable)) return source
  // A stream may fail before its first piece is asked for; without a listener that would end the process.
  iterable.on('error', () => {})
  const close = async () => {
    // Its iterator's `return` waits for a pending read, which may never come.
    iterable.destroy()
    await source.close()
  }
  return { next: source.next, close }
}

function fromIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>): Source {
  return {
    next: async () => iterator.next(),
    close: async () => {
      await iterator.return?.()
    },
  }
}
