/** Writes one JSON line. Never pass a ResponseURL: whoever has it can answer for the resource. */
export function log(
  level: 'info' | 'warn' | 'error',
  message: string,
  fields: Record<string, unknown> = {},
): void {
  console.log(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields }))
}

export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
