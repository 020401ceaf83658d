/** One measurement: which subject, in which round. */
export interface Turn {
  round: number
  subject: string
}

/** All subjects once a round, in an order that turns about, so that a drift of the machine favours nobody. */
export function turnsOf(subjects: string[], rounds: number): Turn[] {
  return Array.from({ length: rounds }, (_, round) => {
    const order = round % 2 === 0 ? subjects : [...subjects].reverse()
    return order.map((subject) => ({ round, subject }))
  }).flat()
}
