import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Messages } from './messages.ts'

/** A viewer that reads slower than this is let go: its browser comes back by itself. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024
const MAX_VIEWERS = 20

/**
 * Sends messages to everybody who looks, as server-sent events.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class Feed {
  readonly #viewers = new Set<ServerResponse>()
  /** Called when the first viewer comes and when the last one goes. */
  onWatched: ((watched: boolean) => void) | undefined

  get viewers(): number {
    return this.#viewers.size
  }

  /** Takes a viewer. `greeting` makes what it is sent first. */
  admit(request: IncomingMessage, response: ServerResponse, greeting: () => string): void {
    if (request.method === 'HEAD' || this.#viewers.size >= MAX_VIEWERS) {
      const refused = request.method !== 'HEAD'
      response.writeHead(refused ? 503 : 200, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
      response.end(refused ? `${MAX_VIEWERS} viewers already\n` : undefined)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(greeting())
    this.#viewers.add(response)
    if (this.#viewers.size === 1) this.onWatched?.(true)
    response.once('close', () => {
      this.#viewers.delete(response)
      if (this.#viewers.size === 0) this.onWatched?.(false)
    })
  }

  send(text: string): void {
    for (const viewer of this.#viewers) {
      if (viewer.writableLength > MAX_UNSENT_BYTES) viewer.destroy()
      else viewer.write(text)
    }
  }
}

/** One server-sent event. JSON has no line breaks, so its data is one line. */
export function frame<Name extends keyof Messages>(name: Name, message: Messages[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(message)}\n\n`
}
