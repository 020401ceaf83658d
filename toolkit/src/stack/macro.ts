import { randomUUID } from 'node:crypto'
import { VERSION } from '@lpr/contract'
import { handler } from '@lpr/router-macro'
import { FindingsError, throwFindings } from '../errors.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'
import { withConsole } from './quiet.ts'
import { findingFrom } from './remedies.ts'
import { ROUTER_TYPE, type Stack } from './stack.ts'

const MACRO = 'LprRouter'

/** Runs the macro on the template as CloudFormation would. Throws a FindingsError with every mistake it names. */
export async function expandTemplate(stack: Stack, onLog: (line: string) => void): Promise<JsonObject> {
  const { Transform, ...fragment } = stack.document.body
  if (!namesMacro(Transform)) {
    checkNoRouters(stack)
    return stack.document.body
  }
  const { identity, parameters } = stack
  setMacroDefaults(identity.accountId, identity.region)
  const answer = await withConsole(onLog, () =>
    handler({
      requestId: randomUUID(),
      region: identity.region,
      accountId: identity.accountId,
      transformId: `${identity.accountId}::${MACRO}`,
      fragment: structuredClone(fragment),
      params: {},
      templateParameterValues: parameters,
    }),
  )
  if (answer.status !== 'success') throw macroFailure(answer.errorMessage ?? 'the macro failed', stack)
  const transforms = withoutMacro(Transform)
  return { ...(transforms === undefined ? {} : { Transform: transforms }), ...objectOrEmpty(answer.fragment) }
}

function namesMacro(transform: unknown): boolean {
  return transformList(transform).some((entry) => entry === MACRO || objectOrEmpty(entry).Name === MACRO)
}

function withoutMacro(transform: unknown): unknown {
  const others = transformList(transform).filter(
    (entry) => entry !== MACRO && objectOrEmpty(entry).Name !== MACRO,
  )
  if (others.length === 0) return undefined
  return others.length === 1 ? others[0] : others
}

function transformList(transform: unknown): unknown[] {
  if (transform === undefined || transform === null) return []
  return Array.isArray(transform) ? transform : [transform]
}

function checkNoRouters({ document, routerIds }: Stack): void {
  throwFindings(
    routerIds.map((logicalId) => ({
      message: `${logicalId} is of type ${ROUTER_TYPE}, but Transform does not name ${MACRO}`,
      place: document.places.locate(['Resources', logicalId, 'Type']),
      remedy: `Transform: [${MACRO}, AWS::Serverless-2016-10-31]`,
    })),
  )
}

/** The bootstrap stack sets these on the macro's function. */
function setMacroDefaults(accountId: string, region: string): void {
  const registry = `${accountId}.dkr.ecr.${region}.amazonaws.com`
  process.env.LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER ||= `${registry}/lambda-parallel-router/router:${VERSION}`
}

/** The macro joins its mistakes into one line, each beginning with a logical id of the template. */
function macroFailure(errorMessage: string, { document }: Stack): FindingsError {
  const ids = Object.keys(objectOrEmpty(document.body.Resources))
  const starts = new RegExp(`; (?=(?:${ids.map(escaped).join('|')})[.:])`)
  const resources = document.places.child('Resources')
  return new FindingsError(
    errorMessage.split(starts).map((message) => {
      const named = ids.some((id) => message.startsWith(`${id}.`) || message.startsWith(`${id}:`))
      return findingFrom(message, named ? resources?.locateText(message) : undefined)
    }),
  )
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '\\$&')
}
