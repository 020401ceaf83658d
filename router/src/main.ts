import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { VERSION } from '@lpr/contract'
import { loadConfig } from './config/load.ts'
import { letHelperThreadsGiveWay } from './helper-threads.ts'
import { createLambdaInvoker } from './invoke/lambda.ts'
import { Router } from './router.ts'
import { Telemetry } from './telemetry/events.ts'
import { createLogger, type Logger } from './telemetry/log.ts'
import { type Signals, startSignals } from './telemetry/start.ts'

const USAGE = `lpr-router ${VERSION}

Usage: lpr-router [--config LOCATION]

  --config LOCATION   s3://bucket/key, file:// URI or path of the config manifest; wins over LPR_CONFIG_URI
  --version           print the version
  --help              print this text
`

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Values of switches that mean off, whatever their case. */
const OFF = new Set(['', '0', 'false', 'no', 'off'])

async function main(): Promise<number> {
  const options = {
    config: { type: 'string' },
    version: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  let values: { config?: string; version?: boolean; help?: boolean }
  try {
    values = parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`lpr-router: ${(error as Error).message}\n\n${USAGE}`)
    return 2
  }
  if (values.help || values.version) {
    process.stdout.write(values.help ? USAGE : `${VERSION}\n`)
    return 0
  }
  return run(values.config)
}

async function run(config: string | undefined): Promise<number> {
  // Process 1 of a container ignores what it does not listen for: without this it would be killed 30 s after the signal.
  onSignals((signal) => process.exit(128 + constants.signals[signal]))
  letHelperThreadsGiveWay()
  let logger = createLogger()
  try {
    const location = config?.trim() || process.env.LPR_CONFIG_URI?.trim()
    if (!location) throw new Error('no config: give --config or set LPR_CONFIG_URI')
    const { manifest, sha256 } = await loadConfig(location)
    logger = createLogger(manifest.LogLevel)
    logger.info({ event: 'starting', version: VERSION, config: location, configSha256: sha256 }, 'starting')
    manifest.IncludeBatchHeaders ||= !OFF.has(
      (process.env.LPR_INCLUDE_BATCH_SIZE_HEADER ?? '').trim().toLowerCase(),
    )
    // The SDK takes its region from here wherever an ARN does not give one.
    if (manifest.AwsRegion !== undefined) process.env.AWS_REGION = manifest.AwsRegion
    const telemetry = new Telemetry()
    const signals = await startSignals({ telemetry, manifest, logger })
    const router = new Router(manifest, {
      invoker: createLambdaInvoker(manifest.MaxInflightInvocations),
      configSha256: sha256,
      telemetry,
      propagation: signals.propagation,
      adminPages: signals.adminPages,
    })
    signals.observe(router)
    const address = await router.start()
    logger.info(
      {
        event: 'listening',
        address: address.address,
        port: address.port,
        adminPort: router.adminAddress?.port,
        routes: router.routes.length,
      },
      'listening',
    )
    return await untilStopped(router, signals, logger)
  } catch (error) {
    logger.error({ event: 'start_failed' }, error instanceof Error ? error.message : String(error))
    return 1
  }
}

/** Serves until a signal has come and the router is drained; a second signal ends it at once. */
function untilStopped(router: Router, signals: Signals, logger: Logger): Promise<number> {
  return new Promise((resolve, reject) => {
    onSignals((signal) => {
      logger.info({ event: 'draining', signal }, 'draining')
      onSignals(() => process.exit(1))
      router
        .stop()
        .then(() => signals.stop())
        .then(() => {
          logger.info({ event: 'stopped' }, 'stopped')
          resolve(0)
        }, reject)
    })
  })
}

/** From now on signals go to this listener only. */
function onSignals(listener: (signal: (typeof SIGNALS)[number]) => void): void {
  for (const name of SIGNALS) {
    process.removeAllListeners(name)
    process.on(name, listener)
  }
}

process.exit(await main())
