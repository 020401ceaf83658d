const METHODS = ['debug', 'info', 'log', 'warn', 'error'] as const

/**
 * Runs a Lambda handler inside this process with its console turned to `onLine`: what it logs is meant for CloudWatch and
 * would otherwise mix with the tool's own output. Not for concurrent use.
 */
export async function withConsole<T>(onLine: (line: string) => void, run: () => T | Promise<T>): Promise<T> {
  const originals = METHODS.map((method) => console[method])
  for (const method of METHODS) console[method] = (...parts: unknown[]) => onLine(parts.map(String).join(' '))
  try {
    return await run()
  } finally {
    METHODS.forEach((method, index) => {
      console[method] = originals[index] ?? console[method]
    })
  }
}
