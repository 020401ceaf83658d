import type { IncomingMessage } from 'node:http'
import type { Attributes } from '@opentelemetry/api'
import { parseTarget } from '../../http/target.ts'
import type { InvocationFacts, RequestEnded } from '../events.ts'
import { knownMethod } from '../metrics/labels.ts'

const REDACTED = 'REDACTED'

/** Attributes of a request's span that are known at its start; names are those of the semantic conventions. */
export function requestAttributes(request: IncomingMessage, showQuery: boolean): Attributes {
  const { method = '', url = '', headers, httpVersion, socket } = request
  const { rawPath, rawQuery, authority } = parseTarget(url) ?? { rawPath: url.split('?', 1)[0], rawQuery: '' }
  const known = knownMethod(method)
  return {
    'http.request.method': known,
    ...(known === method ? {} : { 'http.request.method_original': method }),
    'url.path': rawPath,
    // Queries hold tokens and personal data, and traces go to third parties.
    ...(rawQuery === '' ? {} : { 'url.query': showQuery ? rawQuery : REDACTED }),
    'url.scheme': headers['x-forwarded-proto'] === 'https' ? 'https' : 'http',
    'network.protocol.name': 'http',
    'network.protocol.version': httpVersion,
    ...hostAttributes(authority ?? headers.host),
    ...(socket.remoteAddress === undefined ? {} : { 'network.peer.address': socket.remoteAddress }),
    ...(headers['user-agent'] === undefined ? {} : { 'user_agent.original': headers['user-agent'] }),
  }
}

function hostAttributes(host: string | undefined): Attributes {
  const [, address, port] = /^(.+?)(?::(\d+))?$/.exec(host ?? '') ?? []
  if (address === undefined) return {}
  return { 'server.address': address, ...(port === undefined ? {} : { 'server.port': Number(port) }) }
}

/** Attributes of a request's span that are known at its end. */
export function outcomeAttributes(event: RequestEnded, invokeMode: string | undefined): Attributes {
  const { requestId, batchId, batchSize, batchWaitMs, flushReason } = event
  return {
    'http.response.status_code': event.status,
    'lpr.request.id': requestId,
    ...(batchId === undefined ? {} : { 'lpr.batch.id': batchId }),
    ...(batchSize === undefined ? {} : { 'lpr.batch.size': batchSize }),
    ...(batchWaitMs === undefined ? {} : { 'lpr.batch.wait_ms': batchWaitMs }),
    ...(flushReason === undefined ? {} : { 'lpr.flush_reason': flushReason }),
    ...(invokeMode === undefined ? {} : { 'lpr.invoke.mode': invokeMode }),
  }
}

/** Attributes of an invocation's span. `waitMs` is the longest wait of its requests. */
export function invocationAttributes(facts: InvocationFacts, waitMs: number): Attributes {
  return {
    'rpc.system': 'aws-api',
    'rpc.service': 'Lambda',
    'rpc.method': facts.invokeMode === 'buffered' ? 'Invoke' : 'InvokeWithResponseStream',
    'faas.invoked_name': facts.functionName,
    'faas.invoked_provider': 'aws',
    'http.route': templateOf(facts.routeKey),
    'lpr.batch.id': facts.batchId,
    'lpr.batch.size': facts.batchSize,
    'lpr.batch.wait_ms': waitMs,
    'lpr.flush_reason': facts.flushReason,
    'lpr.invoke.mode': facts.invokeMode,
    'lpr.invoke.attempt': facts.attempt,
    'lpr.payload.bytes': facts.payloadBytes,
    ...(facts.bisectedFrom === undefined ? {} : { 'lpr.bisected_from': facts.bisectedFrom }),
  }
}

/** The template of a route key, `METHOD /template`. */
export function templateOf(routeKey: string): string {
  return routeKey.slice(routeKey.indexOf(' ') + 1)
}
