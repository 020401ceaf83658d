import { show } from '@lpr/contract'
import type { Report } from './problems.ts'
import { section } from './router.ts'
import { asInteger } from './shapes.ts'
import type { JsonObject } from './template.ts'

/** Reports fewer instances at most than at least. */
export function checkScaling(view: JsonObject, defaults: { min: number; max: number }, report: Report): void {
  const { MinInstances = defaults.min, MaxInstances } = section(view, 'Scaling')
  const [min, max] = [asInteger(MinInstances), asInteger(MaxInstances ?? defaults.max)]
  if (min === undefined || max === undefined || min <= max) return
  const got = MaxInstances === undefined ? `${max} (the default)` : show(MaxInstances)
  report('Scaling.MaxInstances', `must be at least MinInstances (${min}), got ${got}`)
}
