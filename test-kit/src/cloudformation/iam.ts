/** One call of an AWS API as IAM sees it. */
export interface ApiCall {
  /** Such as `s3:GetObject`. */
  action: string
  /** ARN of what it acts on. */
  resource: string
}

/** A statement of a policy, its intrinsics resolved. Conditions are not understood. */
export interface Statement {
  Sid?: string
  Effect: 'Allow' | 'Deny'
  Action: string | string[]
  Resource: string | string[]
}

/** Whether the statements allow a call. */
export function isAllowed(statements: Statement[], call: ApiCall): boolean {
  const matching = statements.filter((statement) => grantsOf(statement).some((grant) => covers(grant, call)))
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow')
}

/** What the statements allow and none of the calls needs, as `action on resource`. */
export function unusedGrants(statements: Statement[], calls: ApiCall[]): string[] {
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(grantsOf)
    .filter((grant) => !calls.some((call) => covers(grant, call)))
    .map(({ action, resource }) => `${action} on ${resource}`)
}

/** Statements of all policies of a role. Throws for what this evaluation does not understand. */
export function statementsOf(role: Record<string, unknown>): Statement[] {
  const policies = (role.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[]
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
  for (const statement of statements) {
    const unknown = Object.keys(statement).filter((key) => !KEYS.includes(key))
    if (unknown.length > 0) throw new Error(`cannot evaluate ${unknown.join(', ')} of a statement`)
  }
  return statements
}

const KEYS = ['Sid', 'Effect', 'Action', 'Resource']

/** Every action with every resource: each is a permission of its own. */
function grantsOf({ Action, Resource }: Statement): ApiCall[] {
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })))
}

function covers(grant: ApiCall, call: ApiCall): boolean {
  // Actions do not mind the case of letters, resources do.
  return (
    wildcard(grant.action.toLowerCase()).test(call.action.toLowerCase()) &&
    wildcard(grant.resource).test(call.resource)
  )
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
