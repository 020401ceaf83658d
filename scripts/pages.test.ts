import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const deploy = read('docs/deploy.md')
const pages = ['deploy', 'macro', 'permissions'].map((name) => [name, read(`docs/${name}.md`)] as const)

const sums = [...deploy.matchAll(/`([\d.\sx+/]+) = ([\d.]+)`/g)].map(
  ([, terms = '', result = '']) => [terms, result] as const,
)

test('the page of costs does sums', () => {
  expect(sums.length).toBeGreaterThan(15)
})

test.each(sums)('%s is %s', (terms, result) => {
  const digits = result.split('.')[1]?.length ?? 0
  expect(evaluate(terms).toFixed(digits)).toBe(result)
})

/** Products and quotients before sums. */
function evaluate(terms: string): number {
  const sum = terms.split('+').map((product) =>
    product.split('x').reduce((total, factor) => {
      const [first = '', ...divisors] = factor.split('/').map(Number)
      return total * divisors.reduce((value, divisor) => value / divisor, Number(first))
    }, 1),
  )
  return sum.reduce((total, term) => total + term, 0)
}

test('every make target that the pages name is there', () => {
  const database = execFileSync('make', ['-pn', 'help'], { cwd: fileURLToPath(root), encoding: 'utf8' })
  const targets = new Set([...database.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name))
  const named = pages.flatMap(([, text]) =>
    [...text.matchAll(/`make ([^`]+)`|^make ([^#\n]+)/gm)].flatMap(([, inline, block]) =>
      (inline ?? block ?? '')
        .trim()
        .split(/\s+/)
        .filter((word) => /^[a-z][a-z0-9-]*$/.test(word)),
    ),
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((name) => !targets.has(name))).toEqual([])
})

test.each(pages)('every link of %s leads somewhere', (_, text) => {
  for (const [, file = '', heading] of text.matchAll(/\]\(([\w./-]+\.md)(?:#([\w-]+))?\)/g)) {
    const target = read(`docs/${file}`)
    const headings = [...target.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s+/g, '-'),
    )
    if (heading !== undefined) expect(headings).toContain(heading)
  }
})
