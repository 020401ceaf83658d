import { OtlpReceiver, type ReceivedSpan } from '@lpr/test-kit'
import { createLogger, type Logger } from '../src/telemetry/log.ts'
import { type Signals, startSignals } from '../src/telemetry/start.ts'
import { Rig, type RigOptions, until } from './rig.ts'

export interface TracedOptions extends RigOptions {
  environment?: Record<string, string>
  protocol?: 'http/protobuf' | 'grpc'
  logger?: Logger
}

/** A rig whose signals are on, with a collector to receive them. */
export class TracedRig {
  readonly rig: Rig
  readonly receiver: OtlpReceiver
  readonly #signals: Signals
  readonly #restore: () => void

  private constructor(rig: Rig, receiver: OtlpReceiver, signals: Signals, restore: () => void) {
    this.rig = rig
    this.receiver = receiver
    this.#signals = signals
    this.#restore = restore
  }

  static async start({ environment, protocol = 'http/protobuf', logger, ...options }: TracedOptions = {}) {
    const receiver = await (protocol === 'grpc' ? OtlpReceiver.grpc() : OtlpReceiver.http())
    const restore = setEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      ...environment,
    })
    let signals: Signals | undefined
    const rig = await Rig.start(options, async (telemetry, manifest) => {
      signals = await startSignals({ telemetry, manifest, logger: logger ?? createLogger('error', {}) })
      return signals
    })
    if (signals === undefined) throw new Error('no signals')
    signals.observe(rig.router)
    return new TracedRig(rig, receiver, signals, restore)
  }

  /** Ends all and gives back what the collector has got, the spans in order of their start. */
  async finish(): Promise<ReceivedSpan[]> {
    await this.#signals.stop()
    await this.rig.stop()
    await this.receiver.close()
    this.#restore()
    return this.receiver.spans.sort((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0))
  }

  /** Waits until the router has nothing under way. */
  async quiet(): Promise<void> {
    await until(() => Object.values(this.rig.router.figures).every((figure) => figure === 0))
  }
}

function setEnvironment(variables: Record<string, string>): () => void {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  return () => {
    for (const name of Object.keys(process.env)) if (/^(OTEL|LPR)_/.test(name)) delete process.env[name]
    for (const [name, value] of Object.entries(before))
      if (/^(OTEL|LPR)_/.test(name)) process.env[name] = value
  }
}
