import { setTimeout as after } from 'node:timers/promises'

/** Chance and time, so that tests can decide both. */
export interface Dice {
  /** A number from 0 up to, but not including, 1. */
  random(): number
  /** Settles after that many ms, or at once when the signal is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

export const realDice: Dice = {
  random: Math.random,
  sleep: async (delayMs, signal) => {
    // An abort ends the wait; what that means is for the handler to say.
    await after(delayMs, undefined, signal && { signal }).catch(() => {})
  },
}

/** The endpoints are public, so a delay must end well before the routes' 8 s and the functions' 10 s do. */
const LONGEST_DELAY_MS = 5000

/** `max-delay` of the query in ms: a number from 0 to 5000, and 0 if it is missing or no number. */
export function maxDelayMs(query: Record<string, string | undefined> | undefined): number {
  return wholeNumber(query?.['max-delay'], { otherwise: 0, least: 0, most: LONGEST_DELAY_MS })
}

/** A delay in ms from 0 to `maxMs`, both included. */
export function randomDelayMs(dice: Dice, maxMs: number): number {
  return Math.floor(dice.random() * (maxMs + 1))
}

/** Reads a number from a query and brings it into its range. */
export function wholeNumber(
  text: string | undefined,
  { otherwise, least, most }: { otherwise: number; least: number; most: number },
): number {
  const number = Number(text?.trim() || Number.NaN)
  return Number.isNaN(number) ? otherwise : Math.floor(Math.min(most, Math.max(least, number)))
}
