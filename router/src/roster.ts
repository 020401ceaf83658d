/** Somebody who can be on a roster. */
export interface RosterMember {
  /** The roster's own note; -1 while not on it. */
  place: number
}

/**
 * Those who are there, in no order, where they come and go all the time. Not a `Set`: whenever its table is full a `Set`
 * moves to a new one, and the old table goes on pointing to it. Once V8 has moved one of them to its old generation, all
 * that come after it, with every member that was in them, live until the next full collection. With a `Set` every
 * request outlived its end that way.
 */
export class Roster<Member extends RosterMember> implements Iterable<Member> {
  readonly #members: Member[] = []

  get size(): number {
    return this.#members.length
  }

  add(member: Member): void {
    member.place = this.#members.push(member) - 1
  }

  /** Nothing happens if it is not there. */
  delete(member: Member): void {
    const { place } = member
    if (place < 0) return
    member.place = -1
    const last = this.#members.pop()
    if (last === undefined || last === member) return
    this.#members[place] = last
    last.place = place
  }

  /** Those who are there now, whatever happens meanwhile. */
  [Symbol.iterator](): Iterator<Member> {
    return [...this.#members][Symbol.iterator]()
  }
}
