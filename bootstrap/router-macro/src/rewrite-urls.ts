import { isObject } from '@lpr/contract'
import type { JsonObject } from './template.ts'

/** The attribute by which templates ask for a router's host name, whatever the platform calls it. */
const URL_ATTRIBUTE = 'ServiceUrl'

/**
 * A copy of a template in which `ServiceUrl` of the given routers is replaced by the attribute that their platform
 * has for it, in `Fn::GetAtt` and `Fn::Sub`, in every spelling.
 */
export function rewriteUrls(node: unknown, attributes: Map<string, string>): unknown {
  if (Array.isArray(node)) return node.map((entry) => rewriteUrls(entry, attributes))
  if (!isObject(node)) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, rewriteValue(key, value, attributes)]),
  )
}

function rewriteValue(key: string, value: unknown, attributes: Map<string, string>): unknown {
  if (key === 'Fn::GetAtt') return rewriteGetAtt(value, attributes)
  if (key === 'Fn::Sub') return rewriteSub(value, attributes)
  return rewriteUrls(value, attributes)
}

function rewriteGetAtt(value: unknown, attributes: Map<string, string>): unknown {
  if (typeof value === 'string') return renamed(value, attributes) ?? value
  if (!Array.isArray(value) || value.length !== 2) return value
  const name = renamed(value.join('.'), attributes)
  return name === undefined ? value : name.split('.')
}

function rewriteSub(value: unknown, attributes: Map<string, string>): unknown {
  if (typeof value === 'string') return rewriteText(value, {}, attributes)
  if (!Array.isArray(value) || typeof value[0] !== 'string') return rewriteUrls(value, attributes)
  const [text, variables, ...rest] = value
  const local = isObject(variables) ? variables : {}
  return [rewriteText(text, local, attributes), rewriteUrls(variables, attributes), ...rest]
}

/** A local variable of the same name wins over the router, and `${!...}` is no variable at all. */
function rewriteText(text: string, local: JsonObject, attributes: Map<string, string>): string {
  return text.replace(/\$\{([^}!]+)\}/g, (whole, name: string) => {
    const other = Object.hasOwn(local, name) ? undefined : renamed(name, attributes)
    return other === undefined ? whole : `\${${other}}`
  })
}

/** `Router.Endpoint` for `Router.ServiceUrl`, if that router's platform calls it so. */
function renamed(name: string, attributes: Map<string, string>): string | undefined {
  const [logicalId = '', ...rest] = name.split('.')
  const attribute = attributes.get(logicalId)
  return attribute !== undefined && rest.join('.') === URL_ATTRIBUTE ? `${logicalId}.${attribute}` : undefined
}
