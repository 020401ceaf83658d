/** What `/status` tells: figures of this moment, for people and scripts. */
export interface Status {
  version: string
  /** Hash of the config document. */
  configSha256: string | undefined
  state: string
  uptimeSeconds: number
  inflightRequests: number
  inflightInvocations: number
  pendingInvocations: number
  batchKeys: number
  routes: RouteStatus[]
  /** Batches that still take requests, the oldest first; as many as `MAX_OPEN_BATCHES`. */
  openBatches: OpenBatch[]
}

export interface RouteStatus {
  routeKey: string
  functionName: string
  invokeMode: string
  maxWaitMs: number
  maxBatchSize: number
  batchKeys: number
  /** Requests that wait for their invocation. */
  queueDepth: number
  pendingInvocations: number
  inflightInvocations: number
}

export interface OpenBatch {
  batchId: string
  routeKey: string
  /** `open`: its window runs. `pending`: it waits for a free invocation. */
  state: string
  size: number
  ageMs: number
}

export const MAX_OPEN_BATCHES = 100
