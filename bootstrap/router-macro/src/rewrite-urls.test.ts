import { rewriteUrls } from './rewrite-urls.ts'

const attributes = new Map([['R', 'Endpoint']])
/** `${name}`, as `Fn::Sub` has it. */
const variable = (name: string) => `\${${name}}`
const [URL, ENDPOINT] = [variable('R.ServiceUrl'), variable('R.Endpoint')]

test.each([
  [{ 'Fn::GetAtt': ['R', 'ServiceUrl'] }, { 'Fn::GetAtt': ['R', 'Endpoint'] }],
  [{ 'Fn::GetAtt': 'R.ServiceUrl' }, { 'Fn::GetAtt': 'R.Endpoint' }],
  [{ 'Fn::Sub': `${URL}${URL}` }, { 'Fn::Sub': `${ENDPOINT}${ENDPOINT}` }],
  [{ 'Fn::Sub': [URL, {}] }, { 'Fn::Sub': [ENDPOINT, {}] }],
  [[{ a: { 'Fn::GetAtt': ['R', 'ServiceUrl'] } }], [{ a: { 'Fn::GetAtt': ['R', 'Endpoint'] } }]],
])('%j becomes %j', (before, after) => {
  expect(rewriteUrls(before, attributes)).toEqual(after)
})

test.each([
  { 'Fn::GetAtt': ['Other', 'ServiceUrl'] },
  { 'Fn::GetAtt': ['R', 'ServiceUrl.More'] },
  { 'Fn::GetAtt': ['R', { Ref: 'Attribute' }] },
  { 'Fn::GetAtt': { broken: true } },
  { 'Fn::Sub': `${variable('!R.ServiceUrl')} $R.ServiceUrl {R.ServiceUrl} ${variable('RR.ServiceUrl')}` },
  { 'Fn::Sub': [URL, { 'R.ServiceUrl': 'mine' }] },
  { 'Fn::Sub': [1, 2] },
  URL,
  null,
])('%j stays as it is', (node) => {
  expect(rewriteUrls(node, attributes)).toEqual(node)
})
