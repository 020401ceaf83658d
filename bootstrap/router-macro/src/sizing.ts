import { isIntrinsic, show } from '@lpr/contract'
import type { Report } from './problems.ts'
import { section } from './router.ts'
import type { JsonObject } from './template.ts'

/** App Runner's own defaults (1 vCPU, 2 GB); written out for ECS, whose documents disagree on theirs. */
export const DEFAULT_SIZE = { Cpu: '1024', Memory: '2048' }

/** CPU units of `1024`, `"1024"` or `1 vCPU`; undefined if it is none of these. */
export function cpuUnits(value: unknown): number | undefined {
  return amount(value, /^(\d+(?:\.\d+)?)\s*vCPU$/i)
}

/** Megabytes of `2048`, `"2048"` or `2 GB`; undefined if it is none of these. */
export function memoryMegabytes(value: unknown): number | undefined {
  return amount(value, /^(\d+(?:\.\d+)?)\s*GB$/i)
}

/** Reports sizes that the platform does not have; the schemas of both platforms let them pass. */
export function checkSize(
  view: JsonObject,
  platform: { title: string; sizes: Record<number, readonly number[]> },
  report: Report,
): void {
  const { Cpu = DEFAULT_SIZE.Cpu, Memory = DEFAULT_SIZE.Memory } = section(view, 'InstanceConfiguration')
  const { title, sizes } = platform
  const [cpu, memory] = [cpuUnits(Cpu), memoryMegabytes(Memory)]
  const amounts = cpu === undefined ? undefined : sizes[cpu]
  if (!isIntrinsic(Cpu) && amounts === undefined)
    report(
      'InstanceConfiguration.Cpu',
      `must be one of ${Object.keys(sizes).join(', ')} on ${title}, got ${show(Cpu)}`,
    )
  if (isIntrinsic(Memory)) return
  if (memory === undefined)
    report(
      'InstanceConfiguration.Memory',
      `must be an amount of memory such as 2048 or 2 GB, got ${show(Memory)}`,
    )
  else if (amounts !== undefined && !amounts.includes(memory)) {
    const expected = `one of ${amounts.join(', ')} for Cpu ${cpu} on ${title}`
    report('InstanceConfiguration.Memory', `must be ${expected}, got ${show(Memory)}`)
  }
}

/** From `first` to `last`, both included. */
export function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step)
}

function amount(value: unknown, unit: RegExp): number | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  if (/^\d+$/.test(text)) return Number(text)
  const match = unit.exec(text)
  return match === null ? undefined : Math.round(Number(match[1]) * 1024)
}
