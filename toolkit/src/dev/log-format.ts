import { isObject, type JsonObject } from '../json.ts'

const SEVERITY: Record<string, number> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 }
const WARN = 3

/** Members that the line already shows, or that say nothing on one machine. */
const SHOWN = new Set(['timestamp', 'level', 'message', 'event'])

/**
 * One line of the router's JSON log for people: `12:00:01.123 warn  message  key=value`. Undefined for a line below warn,
 * unless all are wanted. A line that is not JSON is shown as it is.
 */
export function formatRouterLog(line: string, all: boolean): string | undefined {
  const entry = parse(line)
  if (entry === undefined) return line.trim() === '' ? undefined : line
  const level = String(entry.level)
  if (!all && (SEVERITY[level] ?? WARN) < WARN) return undefined
  const time = String(entry.timestamp ?? '').slice(11, 23)
  const details = Object.entries(entry)
    .filter(([key, value]) => !SHOWN.has(key) && value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [time, level.padEnd(5), 'router', String(entry.message ?? entry.event ?? ''), ...details]
    .join('  ')
    .trim()
}

/** The message of a JSON log line at error or above, or undefined. */
export function errorMessage(line: string): string | undefined {
  const entry = parse(line)
  if (entry === undefined || (SEVERITY[String(entry.level)] ?? 0) < 4) return undefined
  return String(entry.message ?? '')
}

function parse(line: string): JsonObject | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
