import type { Outcome, RequestParts, SeededRandom } from '@lpr/test-kit'

const TENANTS = ['red', 'blue']
const SECRET = /secret-([0-9a-z]+)-[0-9a-f]{8}/g
/** Requests a second attempt of which the contract allows, because the route asks for it. */
const REPEATABLE = '/repeated'
/** With so few invocations at a time, one that hangs makes every client wait, and the run wait for them. */
export const CAPPED = '/at-once'

const STREAMED = { invokeMode: 'response_stream' }

/** Every kind of route: modes, event shapes, key dimensions, windows. All values besides are the rig's. */
export const PATHS: Record<string, Record<string, Record<string, unknown>>> = {
  '/plain/{tenant}': { get: {}, post: {} },
  '/streamed/{tenant}': { get: STREAMED, post: STREAMED },
  '/by-header': { post: { key: ['header:x-tenant'], payloadFormatVersion: '1.0' } },
  '/by-query': { get: { ...STREAMED, key: ['query:tenant'] } },
  '/by-path/{tenant}': { post: { key: ['path:tenant'], payloadFormatVersion: 'alb' } },
  '/by-cookie': { post: { ...STREAMED, key: ['cookie:tenant'], payloadFormatVersion: '1.0' } },
  '/isolated/{tenant}': { get: { ...STREAMED, tenantId: 'path:tenant' } },
  '/learning': { post: { dynamicWait: { minWaitMs: 5 }, key: ['sourceIp'] } },
  [CAPPED]: { get: { maxWaitMs: 0, maxInflightInvocations: 4 } },
  [REPEATABLE]: {
    post: {
      key: ['header:x-tenant'],
      bisectBatchOnFunctionError: true,
      retry: { maxAttempts: 3, on: ['throttle', 'transport', 'function_error'], nonIdempotent: true },
    },
  },
}

/** Templates whose batches must never hold two tenants. */
export const KEYED = new Set([
  '/by-header',
  '/by-query',
  '/by-path/{tenant}',
  '/by-cookie',
  '/isolated/{tenant}',
  REPEATABLE,
])

/** One request, with a secret that nothing else in the run has. */
export interface SecretRequest {
  secret: string
  tenant: string
  parts: RequestParts
  /** Body of the good answer. */
  answer: string
  repeatable: boolean
}

export function makeRequest(number: number, random: SeededRandom): SecretRequest {
  const secret = `secret-${number.toString(36)}-${random
    .below(2 ** 32)
    .toString(16)
    .padStart(8, '0')}`
  const tenant = random.pick(TENANTS)
  const template = random.pick(Object.keys(PATHS))
  const method = random.pick(Object.keys(PATHS[template] ?? {}))
  const body = method === 'post' ? `${secret} ${'x'.repeat(sizeOf(random))} ${secret}` : undefined
  return {
    secret,
    tenant,
    parts: {
      method: method.toUpperCase(),
      path: `${template.replace('{tenant}', tenant)}?secret=${secret}&tenant=${tenant}`,
      headers: { 'x-secret': secret, 'x-tenant': tenant, cookie: `secret=${secret}; tenant=${tenant}` },
      ...(body === undefined ? {} : { body }),
    },
    answer: answerOf(secret, body ?? ''),
    repeatable: template === REPEATABLE,
  }
}

/** Mostly small bodies, now and then one that fills a batch's payload. */
function sizeOf(random: SeededRandom): number {
  return random.chance(0.01) ? 60_000 + random.below(60_000) : random.below(random.chance(0.2) ? 8000 : 400)
}

/** What the function answers; all of it can only come from this very request. */
export function answerOf(secret: string, body: string): string {
  return `${secret} sent ${body.length} bytes: ${body}`
}

/** Number of the request that a secret belongs to. */
export function numberOf(secret: string): number {
  return Number.parseInt(secret.split('-')[1] ?? '', 36)
}

/** Every secret in a text, each once. */
export function secretsIn(text: string): Set<string> {
  return new Set(text.match(SECRET) ?? [])
}

/** Whether an outcome holds anything of another request. */
export function crosses(outcome: Outcome, { secret }: SecretRequest): boolean {
  const head = [...outcome.headers].flat(2).join('\n')
  const found = secretsIn(`${head}\n${outcome.body.toString('latin1')}`)
  found.delete(secret)
  return found.size > 0
}

/** Whether an outcome is the good answer, whole. */
export function isAnswer(
  { kind, status, headers, body }: Outcome,
  { secret, answer }: SecretRequest,
): boolean {
  const named =
    headers.get('x-secret')?.[0] === secret && headers.get('set-cookie')?.[0] === `secret=${secret}`
  return kind === 'response' && status === 200 && named && body.toString('latin1') === answer
}
