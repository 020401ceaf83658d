import type { Place } from '../errors.ts'

/** Steps from the root of a document: member names and list positions. */
export type Path = readonly (string | number)[]

/** The source positions of a document, shaped like the document itself. */
export class PlaceTree {
  readonly place: Place
  readonly #children = new Map<string, PlaceTree>()

  constructor(place: Place) {
    this.place = place
  }

  add(key: string | number, place: Place): PlaceTree {
    const child = new PlaceTree(place)
    this.#children.set(String(key), child)
    return child
  }

  child(key: string | number): PlaceTree | undefined {
    return this.#children.get(String(key))
  }

  /** Position of the deepest node on the path that the document has. */
  locate(path: Path): Place {
    let node: PlaceTree = this
    for (const step of path) {
      const next = node.child(step)
      if (!next) break
      node = next
    }
    return node.place
  }

  /**
   * Like `locate`, for a text that begins with a dotted path, for example `Router.Properties.Spec.paths./a.b/{id}.get: ...`.
   * Member names may hold dots, so the document decides where a name ends.
   */
  locateText(text: string): Place {
    const [key, child] = this.#childNamedBy(text)
    if (child === undefined) return this.place
    return child.locateText(text.slice(key.length).replace(/^(\]\.?|\.|\[)/, ''))
  }

  #childNamedBy(text: string): [string, PlaceTree | undefined] {
    const keys = [...this.#children.keys()].sort((a, b) => b.length - a.length)
    const key = keys.find((key) => text.startsWith(key) && /^([.[\]:\s]|$)/.test(text.slice(key.length)))
    return key === undefined ? ['', undefined] : [key, this.child(key)]
  }
}
