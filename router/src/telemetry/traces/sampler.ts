import { type Context, type Link, type SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { TelemetrySettingError } from '../otlp.ts'

const PARENT_BASED = 'parentbased_'

/**
 * The sampler that `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` ask for. Throws TelemetrySettingError.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function samplerOf(environment: Record<string, string | undefined>): LinkedSampler {
  const name = environment.OTEL_TRACES_SAMPLER?.trim().toLowerCase() || 'parentbased_always_on'
  const root = rootSampler(name.replace(PARENT_BASED, ''), environment.OTEL_TRACES_SAMPLER_ARG)
  return new LinkedSampler(name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root, root)
}

function rootSampler(name: string, argument: string | undefined): Sampler {
  if (name === 'always_on') return new AlwaysOnSampler()
  if (name === 'always_off') return new AlwaysOffSampler()
  if (name !== 'traceidratio') throw new TelemetrySettingError(`OTEL_TRACES_SAMPLER: ${name} is not known`)
  const ratio = Number(argument?.trim() || 1)
  if (ratio >= 0 && ratio <= 1) return new TraceIdRatioBasedSampler(ratio)
  throw new TelemetrySettingError(`OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got ${argument}`)
}

/**
 * An invocation is a root with links to its requests. It is recorded if one of them is, so that whoever looks at a
 * sampled request finds its invocation; a second throw of the dice would mostly lose it.
 */
export class LinkedSampler implements Sampler {
  /** Decides on spans with neither parent nor links. */
  readonly root: Sampler
  readonly #inner: Sampler

  constructor(inner: Sampler, root: Sampler) {
    this.#inner = inner
    this.root = root
  }

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Parameters<Sampler['shouldSample']>[4],
    links: Link[],
  ): SamplingResult {
    if (links.length === 0 || trace.getSpanContext(context) !== undefined)
      return this.#inner.shouldSample(context, traceId, name, kind, attributes, links)
    const sampled = links.some(({ context: linked }) => (linked.traceFlags & TraceFlags.SAMPLED) !== 0)
    return { decision: sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD }
  }

  toString(): string {
    return `Linked{${this.#inner.toString()}}`
  }
}
