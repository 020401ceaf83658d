/** Records one mistake. `path` is relative to the router's `Properties`. */
export type Report = (path: string, message: string) => void

/**
 * Everything that is wrong with a template, in the order in which it was found, each mistake once.
 * One mistake may be found twice because properties are checked once for each way a condition may turn out.
 */
export class Problems {
  readonly #found = new Set<string>()

  /** A mistake at a place in the template, such as `Router.Metadta`. */
  add(place: string, message: string): void {
    this.#found.add(`${place}: ${message}`)
  }

  /** A reporter for the properties of one router. */
  forRouter(logicalId: string): Report {
    return (path, message) =>
      this.add(path === '' ? `${logicalId}.Properties` : `${logicalId}.Properties.${path}`, message)
  }

  get messages(): string[] {
    return [...this.#found]
  }
}

/** All mistakes as the one string that CloudFormation shows; it has to read well on one line. */
export function oneLine(messages: string[]): string {
  return messages.join('; ')
}
