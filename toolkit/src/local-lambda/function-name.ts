import { functionNotFound, invalidParameter } from './errors.ts'
import { MAX_FUNCTION_NAME_LENGTH } from './limits.ts'

/** Where the local functions live. */
export interface Place {
  region: string
  accountId: string
}

/** A function and, when the caller gave one, its version or alias. */
export interface FunctionReference {
  name: string
  qualifier?: string
}

/** ARN of a function, with its qualifier when there is one. */
export function functionArn(place: Place, { name, qualifier }: FunctionReference): string {
  const arn = `arn:${partitionOf(place.region)}:lambda:${place.region}:${place.accountId}:function:${name}`
  return qualifier === undefined ? arn : `${arn}:${qualifier}`
}

/**
 * Reads `FunctionName` in its four spellings (name, name:qualifier, partial ARN, full ARN) together with `Qualifier`.
 * A function of another region or account is not found, as there is none here.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function parseFunctionName(text: string, qualifier: string | null, place: Place): FunctionReference {
  const parts = text.length <= MAX_FUNCTION_NAME_LENGTH ? FUNCTION_NAME.exec(text)?.groups : undefined
  const name = parts?.name
  if (parts === undefined || name === undefined) throw invalidParameter(invalidName(text))
  if (qualifier !== null && !QUALIFIER.test(qualifier)) {
    throw invalidParameter(`Qualifier ${JSON.stringify(qualifier)}: expected a version, an alias or $LATEST`)
  }
  const own = parts.qualifier
  if (own !== undefined && qualifier !== null && own !== qualifier) {
    throw invalidParameter(
      'The derived qualifier from the function name does not match the specified qualifier.',
    )
  }
  const chosen = own ?? qualifier ?? undefined
  const reference = chosen === undefined ? { name } : { name, qualifier: chosen }
  const elsewhere = {
    region: parts.region ?? place.region,
    accountId: parts.account ?? parts.partialAccount ?? place.accountId,
  }
  if (elsewhere.region !== place.region || elsewhere.accountId !== place.accountId) {
    throw functionNotFound(functionArn(elsewhere, reference))
  }
  return reference
}

/** The version that answers a qualifier. Every version and alias runs the one local copy of the code. */
export function executedVersion(qualifier: string | undefined): string {
  return qualifier !== undefined && /^\d+$/.test(qualifier) ? qualifier : '$LATEST'
}

const QUALIFIER_TEXT = String.raw`\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]{1,128}`
const QUALIFIER = new RegExp(`^(?:${QUALIFIER_TEXT})$`)

const FUNCTION_NAME = new RegExp(
  String.raw`^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:|(?<partialAccount>\d{12}):(?:function:)?|function:)?` +
    `(?<name>[a-zA-Z0-9_-]+)(?::(?<qualifier>${QUALIFIER_TEXT}))?$`,
)

function invalidName(text: string): string {
  const expected = `a name, name:qualifier, a partial or a full ARN of at most ${MAX_FUNCTION_NAME_LENGTH} characters`
  return `FunctionName ${JSON.stringify(text.slice(0, 300))}: expected ${expected}`
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
