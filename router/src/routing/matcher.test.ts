import { type Manifest, validateManifest } from '@lpr/contract'
import fc from 'fast-check'
import { createMatcher } from './matcher.ts'
import { compileRoutes } from './routes.ts'

const operation = {
  'x-target-lambda': 'arn:aws:lambda:us-east-1:123456789012:function:f',
  'x-lpr': { maxWaitMs: 1, maxBatchSize: 1 },
}

function matcherOf(paths: Record<string, string[]>) {
  const items = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((m) => [m, operation])),
  ])
  const { manifest, problems } = validateManifest({
    ListenAddr: ':1',
    Spec: { paths: Object.fromEntries(items) },
  })
  expect(problems).toEqual([])
  return createMatcher(compileRoutes(manifest as Manifest))
}

function templatesOf(...templates: string[]) {
  const matcher = matcherOf(Object.fromEntries(templates.map((template) => [template, ['get']])))
  return (path: string) => {
    const match = matcher.match('GET', path)
    return match.kind === 'route' ? [match.route.template.template, ...match.values] : match.kind
  }
}

test('static text beats a parameter, which beats a greedy one, whatever the order in the spec', () => {
  const match = templatesOf('/{rest+}', '/s/adapter/{g}', '/s/adapter/sse', '/s/{a}/{b}')
  expect(match('/s/adapter/sse')).toEqual(['/s/adapter/sse'])
  expect(match('/s/adapter/x')).toEqual(['/s/adapter/{g}', 'x'])
  expect(match('/s/y/x')).toEqual(['/s/{a}/{b}', 'y', 'x'])
  expect(match('/s/y/x/z')).toEqual(['/{rest+}', 's/y/x/z'])
})

test('a dead end backtracks', () => {
  const match = templatesOf('/b/z', '/{a}/x', '/b/{y}/q')
  expect(match('/b/x')).toEqual(['/{a}/x', 'b'])
  expect(match('/b/z')).toEqual(['/b/z'])
  expect(match('/b/z/q')).toEqual(['/b/{y}/q', 'z'])
})

test('paths are compared as received', () => {
  const match = templatesOf('/items/{id}', '/h%20i')
  expect(match('/items/a%2Fb')).toEqual(['/items/{id}', 'a%2Fb'])
  expect(match('/items/a+b')).toEqual(['/items/{id}', 'a+b'])
  for (const path of ['/items/1/', '/items/', '//items/1', '/Items/1', '/h i', ''])
    expect(match(path)).toBe('not_found')
})

test('a parameter or greedy parameter never matches nothing', () => {
  const match = templatesOf('/a/{x}', '/b/{x+}', '/c/pre-{x}')
  for (const path of ['/a/', '/a', '/b/', '/b', '/c/pre-', '/c/other']) expect(match(path)).toBe('not_found')
  expect(match('/c/pre-1')).toEqual(['/c/pre-{x}', '1'])
})

test('a path without the method names the methods that it has, sorted, HEAD with GET', () => {
  const matcher = matcherOf({ '/a': ['post', 'get'], '/b': ['delete'] })
  expect(matcher.match('PUT', '/a')).toEqual({ kind: 'method_not_allowed', allow: ['GET', 'HEAD', 'POST'] })
  expect(matcher.match('TRACE', '/b')).toEqual({ kind: 'method_not_allowed', allow: ['DELETE'] })
})

test('HEAD is served by GET unless it has an operation of its own', () => {
  const matcher = matcherOf({ '/a': ['get'], '/b': ['get', 'head'] })
  expect(matcher.match('HEAD', '/a')).toMatchObject({ route: { routeKey: 'GET /a' } })
  expect(matcher.match('HEAD', '/b')).toMatchObject({ route: { routeKey: 'HEAD /b' } })
})

test('the matcher finds a route exactly when a naive model does', () => {
  const segment = fc.constantFrom('a', 'b', '{p}', 'a{p}')
  const template = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([parts, greedy]) => `/${[...parts, ...(greedy ? ['{r+}'] : [])].join('/')}`)
    .map((text) => {
      let count = 0
      return text.replace(/\{p\}/g, () => `{p${count++}}`)
    })
  const path = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'c', ''), { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`)
  fc.assert(
    fc.property(fc.array(template, { minLength: 1, maxLength: 6 }), path, (templates, asked) => {
      const distinct = [...new Map(templates.map((text) => [text.replace(/\{p\d\}/g, '{}'), text])).values()]
      const match = templatesOf(...distinct)(asked)
      const hits = distinct.filter((text) => naive(text).test(asked))
      if (hits.length === 0) expect(match).toBe('not_found')
      else expect(hits).toContain(match[0])
    }),
  )
})

function naive(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{r\+\}/, '.+').replace(/\{p\d\}/g, '[^/]+')}$`)
}
