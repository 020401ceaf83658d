import { readFileSync } from 'node:fs'

/** Clock ticks of `/proc`, 100 a second on every Linux that Node runs on. */
const TICK_MS = 10

/** CPU time of a process so far, all its threads. */
export interface CpuTime {
  userMs: number
  systemMs: number
}

/** What a process has used so far. Linux only. */
export function cpuTime(pid: number): CpuTime {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold spaces, so fields are counted from behind it: utime is the 14th, stime the 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { userMs: Number(fields[11]) * TICK_MS, systemMs: Number(fields[12]) * TICK_MS }
}

/** Resident memory of a process at this moment. */
export function rssBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** Watches the resident memory of a process; the result stops it and gives the most that was seen. */
export function watchRss(pid: number, everyMs = 50): () => number {
  let peak = rssBytes(pid)
  const look = (): void => {
    peak = Math.max(peak, rssBytes(pid))
  }
  const timer = setInterval(look, everyMs)
  return () => {
    clearInterval(timer)
    look()
    return peak
  }
}
