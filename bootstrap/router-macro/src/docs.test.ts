import { readFileSync } from 'node:fs'
import { readCase } from '../scripts/case.mjs'
import { expand } from './expand.ts'
import { appRunner } from './platforms/app-runner.ts'
import { ecsExpress } from './platforms/ecs-express.ts'
import type { Platform } from './platforms/platform.ts'
import { fieldsOf } from './properties.ts'
import type { Field, Fields, Shape } from './shapes.ts'

const page = readFileSync(new URL('../../../docs/macro.md', import.meta.url), 'utf8')

/** The cells of the property table, by property. */
const rows = new Map(
  [...page.matchAll(/^\| `([\w.[\]]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm)].map(
    ([, name = '', fallback = '', runner = '', ecs = '']) => [
      name,
      { fallback: fallback.trim(), APP_RUNNER: runner.trim(), ECS_EXPRESS: ecs.trim() },
    ],
  ),
)

/** Every property of a platform with what may stand there. What a platform refuses is `-`. */
function cells(platform: Platform): Map<string, string> {
  return new Map(flatten(fieldsOf(platform)).map(([name, { shape }]) => [name, describeShape(shape)]))
}

function flatten(fields: Fields, prefix = ''): [string, Field][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const { shape } = field
    const path = prefix + name
    const [inner, joint] = shape.type === 'list' ? [shape.items, '[].'] : [shape, '.']
    return [
      [path, field] as [string, Field],
      ...(inner.type === 'map' ? flatten(inner.fields, path + joint) : []),
    ]
  })
}

function describeShape(shape: Shape): string {
  switch (shape.type) {
    case 'refused':
      return '-'
    case 'integer':
      return shape.max === Number.MAX_SAFE_INTEGER ? `${shape.min} or more` : `${shape.min} to ${shape.max}`
    case 'choice':
      return shape.values.join(', ')
    case 'boolean':
      return 'true, false'
    case 'string':
      return shape.expected
    case 'list':
      return shape.max === Number.MAX_SAFE_INTEGER ? 'a list' : `a list of at most ${shape.max}`
    case 'map':
      return 'a map'
    case 'any':
      return 'see right'
  }
}

test('the page has every property of the macro, and no other', () => {
  const known = new Set([appRunner, ecsExpress].flatMap((platform) => [...cells(platform).keys()]))
  expect([...rows.keys()].sort()).toEqual([...known].sort())
})

test.each([appRunner, ecsExpress])('the page says what each property takes on $name', (platform) => {
  const told = new Map([...rows].map(([name, row]) => [name, row[platform.name]]))
  const taken = cells(platform)
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries([...rows.keys()].map((name) => [name, taken.get(name) ?? '-'])),
  )
})

test('the page says which properties are required', () => {
  const required = [appRunner, ecsExpress].flatMap((platform) =>
    flatten(fieldsOf(platform)).flatMap(([name, field]) => (field.required ? [name] : [])),
  )
  // Spec's absence is for the shared schema to report.
  const expected = new Set([...required, 'Spec'])
  expect([...rows].flatMap(([name, { fallback }]) => (fallback === 'required' ? [name] : [])).sort()).toEqual(
    [...expected].sort(),
  )
})

/** The template under a heading of the page. */
function example(heading: string): Record<string, Record<string, { [name: string]: unknown }>> {
  const text = page
    .split(`\n## ${heading}\n`)[1]
    ?.split('```')[1]
    ?.replace(/^yaml\n/, '')
  return readCase(text ?? '').fragment as ReturnType<typeof example>
}

test.each([
  ['APP_RUNNER', 'After, on App Runner'],
  ['ECS_EXPRESS', 'After, on ECS Express Mode'],
])('the example becomes on %s what the page shows', (computePlatform, heading) => {
  const imageIdentifier = '123456789012.dkr.ecr.us-east-1.amazonaws.com/lambda-parallel-router/router:0.1.0'
  const before = example('Before')
  const expansion = expand(before, {}, { computePlatform, imageIdentifier })
  const { Orders, ...resources } =
    'fragment' in expansion ? (expansion.fragment.Resources as typeof before) : {}
  expect(Orders).toEqual(before.Resources?.Orders)
  const outputs = 'fragment' in expansion ? expansion.fragment.Outputs : expansion.problems
  expect({ Resources: resources, Outputs: outputs }).toEqual(example(heading))
})
