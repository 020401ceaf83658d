/** The part of a pipe's handle that is wanted here. */
interface PipeHandle {
  setBlocking?: (blocking: boolean) => number
}

/**
 * Makes writing to standard output and error wait until it is done, as in Lambda. Otherwise lines are still on their way
 * when the invocation that wrote them is over, and a process that exits loses them.
 */
export function makeOutputBlocking(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Node.js has no public way to say so; a stream without such a handle (a file) blocks anyway.
    const { _handle: handle } = stream as unknown as { _handle?: PipeHandle }
    handle?.setBlocking?.(true)
  }
}
