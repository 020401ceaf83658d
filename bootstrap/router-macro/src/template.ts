/** Any map of a template. Values are literals, maps, lists or intrinsics; only a check tells which. */
export type JsonObject = Record<string, unknown>

/** A resource that the macro puts into the template. */
export interface Resource {
  Type: string
  Properties: JsonObject
}

/** Name of the resource type that the macro expands. */
export const ROUTER_TYPE = 'Lpr::Router::Service'

/** Drops the keys that have no value, so that output holds only what was given or is needed. */
export function defined(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined))
}

export function getAtt(logicalId: string, attribute: string): JsonObject {
  return { 'Fn::GetAtt': [logicalId, attribute] }
}

export function sub(text: string): JsonObject {
  return { 'Fn::Sub': text }
}
