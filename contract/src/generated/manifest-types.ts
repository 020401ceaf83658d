// Generated from contract/schema/manifest.schema.json by `npm run generate`. Do not edit.

/**
 * The router's config manifest: settings at the top level, routes under `Spec`.
 */
export interface Manifest {
  /**
   * Where the router serves: `host:port`, `[v6]:port`, `:port` or `localhost:port`.
   */
  ListenAddr: string;
  Spec: Spec;
  /**
   * Region for S3 and for anything without a region of its own. Lambda is always called in the region of the target ARN.
   */
  AwsRegion?: string;
  /**
   * Least severe level that is logged. `LPR_LOG_LEVEL` wins over it.
   */
  LogLevel: "debug" | "info" | "warn" | "error";
  /**
   * Concurrent Lambda invocations, whole process.
   */
  MaxInflightInvocations: number;
  /**
   * Admitted HTTP requests, whole process. Beyond it: 429 `too_many_requests`.
   */
  MaxInflightRequests: number;
  /**
   * Flushed batches that wait for a free invocation, whole process. Beyond it: 429 `router_overloaded`.
   */
  MaxPendingInvocations: number;
  /**
   * Requests of one batch key that wait. Beyond it: 429 `queue_full`.
   */
  MaxQueueDepthPerKey: number;
  /**
   * Batch keys of one route that are kept apart at a time. Beyond it a request with a new key value is invoked alone.
   */
  MaxBatchKeysPerRoute: number;
  /**
   * How long an idle batch key is remembered.
   */
  IdleTtlMs: number;
  /**
   * `timeoutMs` of operations that set none.
   */
  DefaultTimeoutMs: number;
  /**
   * Key dimensions of every route that sets no `key` of its own, for example `[header:x-tenant-id]`.
   */
  DefaultKey: string[];
  /**
   * Largest request body. Beyond it: 413 `body_too_large`.
   */
  MaxBodyBytes: number;
  /**
   * Largest serialised batch. Lambda takes 6 MB.
   */
  MaxInvokePayloadBytes: number;
  /**
   * Unsent bytes held for one streaming client before that client alone is reset.
   */
  MaxStreamBufferBytes: number;
  /**
   * A stream without a record for this long ends as an error; a client that takes nothing of a finished response for this long is reset.
   */
  StreamIdleTimeoutMs: number;
  /**
   * Which request headers reach the function. Hop-by-hop headers never do.
   */
  ForwardHeaders: {
    /**
     * If not empty, only these headers are forwarded.
     */
    Allow: string[];
    /**
     * These headers are not forwarded; wins over `Allow`.
     */
    Deny: string[];
  };
  /**
   * How many proxies in front of the router append to `x-forwarded-for`. `sourceIp` is the entry that many from the right, or the socket's address.
   */
  TrustedProxyHops: number;
  /**
   * Time a client has to send its request head.
   */
  HeadersTimeoutMs: number;
  /**
   * Time a client has to send its whole request. Beyond it: 408 `request_read_timeout`.
   */
  RequestReadTimeoutMs: number;
  /**
   * How long an idle connection is kept. Must exceed the idle timeout of a load balancer in front (60 s for ECS Express Mode).
   */
  KeepAliveTimeoutMs: number;
  /**
   * After SIGTERM readiness fails at once and the router serves on for this long, with `Connection: close`.
   */
  ShutdownDelayMs: number;
  /**
   * Counted from SIGTERM: what is left then is aborted. Platforms kill at 30 s.
   */
  ShutdownTimeoutMs: number;
  /**
   * Retries allowed as a share of recent invocations, for routes that opt in.
   */
  RetryBudgetPercent: number;
  /**
   * Adds `x-lpr-batch-size`, `x-lpr-batch-wait-ms` (to the microsecond) and `x-lpr-flush-reason` to batched answers. `LPR_INCLUDE_BATCH_SIZE_HEADER` switches it too.
   */
  IncludeBatchHeaders: boolean;
  /**
   * Where the admin server listens, which serves `/metrics` (Prometheus) and `/status` (JSON). Unset: off. Never on the public port.
   */
  AdminListenAddr?: string;
  /**
   * Share of the access log lines of 2xx responses that is written. Lines of any other response always are.
   */
  AccessLogSuccessPercent: number;
  /**
   * Traces tell the query string of requests as it came. Off: redacted, because queries hold tokens and personal data.
   */
  TraceUrlQuery: boolean;
  /**
   * CloudWatch namespace: metrics are written to standard output once a minute in the Embedded Metric Format, for platforms without a scraper. Unset: off.
   */
  EmfNamespace?: string;
}
/**
 * Routes, in the shape of an OpenAPI document. Only `paths` is read.
 */
export interface Spec {
  openapi?: unknown;
  info?: unknown;
  jsonSchemaDialect?: unknown;
  servers?: unknown;
  webhooks?: unknown;
  components?: unknown;
  security?: unknown;
  tags?: unknown;
  externalDocs?: unknown;
  /**
   * Path template to path item. `{name}` is one segment, `{name+}` at the end is the rest of the path.
   */
  paths: {
    [k: string]: PathItem;
  };
  /**
   * This interface was referenced by `Spec`'s JSON-Schema definition
   * via the `patternProperty` "^x-".
   */
  [k: string]: unknown;
}
/**
 * Operations of one path, by lower-case method.
 */
export interface PathItem {
  get?: Operation;
  post?: Operation;
  put?: Operation;
  delete?: Operation;
  patch?: Operation;
  head?: Operation;
  options?: Operation;
  summary?: unknown;
  description?: unknown;
  servers?: unknown;
  parameters?: unknown;
}
/**
 * One route: which function answers it, and how its requests are batched.
 */
export interface Operation {
  /**
   * Free text, unused at run time.
   */
  operationId?: string;
  /**
   * ARN of the function, with or without a version or alias.
   */
  "x-target-lambda": string;
  "x-lpr": BatchSettings;
  summary?: unknown;
  description?: unknown;
  tags?: unknown;
  parameters?: unknown;
  requestBody?: unknown;
  responses?: unknown;
  callbacks?: unknown;
  deprecated?: unknown;
  security?: unknown;
  servers?: unknown;
  externalDocs?: unknown;
}
/**
 * `x-lpr`: how the requests of one route are batched and invoked.
 */
export interface BatchSettings {
  /**
   * Longest wait of a batch's first request. 0: invoke at once, with whatever is already waiting.
   */
  maxWaitMs: number;
  /**
   * Requests in one invocation, at most.
   */
  maxBatchSize: number;
  /**
   * From arrival to response head; beyond it 504 `timeout`. Must exceed `maxWaitMs`. Default: `DefaultTimeoutMs`.
   */
  timeoutMs?: number;
  /**
   * `buffered`: one JSON document comes back. `response_stream`: NDJSON records, each sent on as it arrives.
   */
  invokeMode: "buffered" | "response_stream";
  /**
   * Batch key dimensions: requests share a batch only if all agree. `header:<name>`, `query:<name>`, `path:<param>`, `cookie:<name>`, `sourceIp`. Default: `DefaultKey`.
   */
  key?: string[];
  dynamicWait?: DynamicWait;
  adaptiveWait?: AdaptiveWait;
  /**
   * Largest request body of this route. Default: `MaxBodyBytes`.
   */
  maxBodyBytes?: number;
  /**
   * Concurrent invocations of this route. Waiting work stays batchable meanwhile.
   */
  maxInflightInvocations?: number;
  /**
   * Requests of one batch key of this route that wait. Default: `MaxQueueDepthPerKey`.
   */
  maxQueueDepth?: number;
  /**
   * Shape of the item event: HTTP API 2.0, REST 1.0 with multi-value maps, or ALB with multi-value maps.
   */
  payloadFormatVersion: "2.0" | "1.0" | "alb";
  retry?: Retry;
  /**
   * When an invocation fails as a whole, its items are invoked again in halves, so that one poisonous request fails alone.
   */
  bisectBatchOnFunctionError: boolean;
  /**
   * `header:<name>` or `path:<param>`: sent as `X-Amz-Tenant-Id`, always part of the batch key; a request without it gets 400.
   */
  tenantId?: string;
}
/**
 * The window grows with the request rate of the batch key, along a sigmoid from `minWaitMs` to `maxWaitMs`.
 */
export interface DynamicWait {
  /**
   * Wait at no traffic. At most `maxWaitMs`.
   */
  minWaitMs: number;
  /**
   * Rate at which the wait is half way.
   */
  targetRps: number;
  /**
   * How sharply the wait rises around `targetRps`.
   */
  steepness: number;
  /**
   * Length of one rate sample.
   */
  samplingIntervalMs: number;
  /**
   * Samples that are averaged.
   */
  smoothingSamples: number;
}
/**
 * The window that costs least, learned from arrivals; `maxWaitMs` stays the cap on every wait. Excludes `dynamicWait`.
 */
export interface AdaptiveWait {
  /**
   * How many ms of waiting, added up over a batch, one saved invocation is worth. Default: 8 x `maxWaitMs`.
   */
  invocationPriceMs?: number;
}
/**
 * Retries of a failed invocation before the first byte, with full jitter, inside the request's own deadline and the retry budget.
 */
export interface Retry {
  /**
   * Attempts in all.
   */
  maxAttempts: number;
  /**
   * Which failures are tried again.
   */
  on: ("throttle" | "transport" | "function_error")[];
  /**
   * Allows retries and bisecting of methods other than GET, HEAD, OPTIONS, PUT and DELETE.
   */
  nonIdempotent: boolean;
}
