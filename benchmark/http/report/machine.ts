import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'

/** Where and with what a run was made. */
export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  kernel: string
  node: string
  /** Of the checked-out commit; with `+` when there are changes beside it. */
  git: string
  /** Load of the last minute before the run: well above 0 means that others were busy too. */
  loadBefore: number
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
    git: gitState(),
    loadBefore: loadavg()[0] ?? 0,
  }
}

function gitState(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}
