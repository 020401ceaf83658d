import { withGlobals } from './globals.ts'

test('a function takes the global values it does not set itself', () => {
  expect(withGlobals({ Handler: 'a.b' }, { Timeout: 10, Handler: 'x.y' })).toEqual({
    Timeout: 10,
    Handler: 'a.b',
  })
})

test('objects are merged at every depth', () => {
  const globals = { Environment: { Variables: { A: '1', B: '1' } } }
  expect(withGlobals({ Environment: { Variables: { B: '2' } } }, globals)).toEqual({
    Environment: { Variables: { A: '1', B: '2' } },
  })
})

test('lists are joined, global entries first', () => {
  expect(withGlobals({ Layers: ['own'] }, { Layers: ['global'] })).toEqual({ Layers: ['global', 'own'] })
})

test('an intrinsic is a value, so it replaces the global one instead of being merged with it', () => {
  const own = { Role: { Ref: 'Mine' } }
  expect(withGlobals(own, { Role: { 'Fn::GetAtt': ['Theirs', 'Arn'] } })).toEqual(own)
})

test('a value of another type replaces the global one', () => {
  expect(withGlobals({ Tracing: 'Active' }, { Tracing: { Mode: 'x' } })).toEqual({ Tracing: 'Active' })
})

test('a template without globals keeps the properties', () => {
  expect(withGlobals({ Handler: 'a.b' }, undefined)).toEqual({ Handler: 'a.b' })
})
