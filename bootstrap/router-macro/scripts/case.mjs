// Reads and expands the golden cases in cases/: for the test that walks them, and for new-case.mjs.
import { parseAllDocuments } from 'yaml'

/** What the bootstrap stack would set, unless a case says otherwise. */
const ENVIRONMENT = {
  LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER:
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/lambda-parallel-router/router:0.1.0',
  LPR_DEFAULT_COMPUTE_PLATFORM: 'APP_RUNNER',
}

const FUNCTIONS = [
  'Base64',
  'Cidr',
  'FindInMap',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Select',
  'Split',
  'Sub',
]
const CONDITIONS = ['And', 'Equals', 'Not', 'Or']

/**
 * A case is one YAML file: the template, and optionally a second document with `parameters` and `environment`.
 * @param {string} text
 * @returns {{ fragment: Record<string, unknown>, parameters: Record<string, unknown>, environment: Record<string, string> }}
 */
export function readCase(text) {
  const [template, settings] = parseAllDocuments(text, { customTags: shortTags() }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS()
  })
  const { parameters = {}, environment = {} } = settings ?? {}
  return { fragment: template, parameters, environment: { ...ENVIRONMENT, ...environment } }
}

/**
 * What a case must yield, as its JSON file holds it.
 * @param {(event: Record<string, unknown>) => Promise<Record<string, unknown>>} handler
 * @param {ReturnType<typeof readCase>} input
 * @param {Record<string, string>} place region and accountId of the macro call
 */
export async function runCase(handler, { fragment, parameters, environment }, place) {
  const before = { ...process.env }
  Object.assign(process.env, environment)
  try {
    const event = { requestId: 'r-1', ...place, fragment, templateParameterValues: parameters, params: {} }
    const answer = await handler(event)
    const { status, errorMessage } = answer
    return status === 'success' ? { status, fragment: answer.fragment } : { status, errorMessage }
  } finally {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}

/** The short forms, as CloudFormation hands them to a macro: in their long forms. */
function shortTags() {
  const names = [
    ['Ref', 'Ref'],
    ['Condition', 'Condition'],
    ...[...FUNCTIONS, ...CONDITIONS].map((name) => [name, `Fn::${name}`]),
  ]
  const tags = names.flatMap(([tag, key]) => [
    { tag: `!${tag}`, resolve: (text) => ({ [key]: text }) },
    { tag: `!${tag}`, collection: 'seq', resolve: (node) => ({ [key]: node.toJSON() }) },
    { tag: `!${tag}`, collection: 'map', resolve: (node) => ({ [key]: node.toJSON() }) },
  ])
  const getAtt = { tag: '!GetAtt', resolve: (text) => ({ 'Fn::GetAtt': splitOnce(text) }) }
  const getAttList = {
    tag: '!GetAtt',
    collection: 'seq',
    resolve: (node) => ({ 'Fn::GetAtt': node.toJSON() }),
  }
  return [...tags, getAtt, getAttList]
}

function splitOnce(text) {
  const dot = text.indexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}
