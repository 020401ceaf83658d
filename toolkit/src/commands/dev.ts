import type { CommandLine, ExitCode } from '../cli.ts'
import { LiveReload } from '../dev/live.ts'
import { formatRouterLog } from '../dev/log-format.ts'
import { curlLines, routesTable } from '../dev/routes-table.ts'
import { StoppedError } from '../dev/services.ts'
import { type RunningStack, Session, type SessionOptions } from '../dev/session.ts'
import { untilSignal } from '../dev/signals.ts'
import { reportText } from '../once/report.ts'
import { probeRoutes } from '../once/run.ts'
import type { Output } from '../output.ts'
import { portOption, stackOptions } from './stack-options.ts'

/** `lpr dev`: runs a template until a signal comes, or for `--once` until every route was probed. */
export async function dev(line: CommandLine, output: Output): Promise<ExitCode> {
  const session = new Session(sessionOptions(line, output))
  const signals = untilSignal(() => session.stop())
  const kill = (): void => session.kill()
  process.once('exit', kill)
  try {
    const running = await session.start()
    if (line.once) return await once(running, output, signals.signal)
    return await serve(session, running, line, output, signals.received)
  } catch (error) {
    if (!signals.signal.aborted && !(error instanceof StoppedError)) throw error
    return line.once ? 1 : 0
  } finally {
    await session.stop()
    signals.dispose()
    process.off('exit', kill)
  }
}

async function once(running: RunningStack, output: Output, signal: AbortSignal): Promise<ExitCode> {
  const { baseUrl, routes } = running
  const skipped = new Map(running.skipped.map(({ functionName, reason }) => [functionName, reason]))
  const onProgress = (text: string) => output.say(text)
  const reports = await probeRoutes(routes, { baseUrl, signal, onProgress, skipped })
  const ok = reports.every(({ problems }) => problems.length === 0)
  output.result({ ok, routes: reports }, reportText(reports))
  return ok ? 0 : 1
}

async function serve(
  session: Session,
  running: RunningStack,
  line: CommandLine,
  output: Output,
  received: Promise<unknown>,
): Promise<ExitCode> {
  announce(running, output)
  const live = new LiveReload({
    session,
    templateFile: String(line.template),
    onFunctions: (names) => output.say(`reloaded ${names.join(', ')}`),
    onTemplate: (next) => announce(next, output),
    onError: (error) => {
      if (error instanceof StoppedError) return
      output.warn(error)
      output.say('what ran before runs on')
    },
  })
  await received
  output.say('stopping')
  await live.close()
  return 0
}

function sessionOptions(line: CommandLine, output: Output): SessionOptions {
  const verbose = line.verbose === true
  return {
    ...stackOptions(line),
    port: portOption(line.port, '--port', 3000),
    adminPort: portOption(line['admin-port'], '--admin-port', 9901),
    router: line.router,
    onProgress: (text) => output.say(text),
    onRouterLine: (text) => {
      const formatted = formatRouterLog(text, verbose)
      if (formatted !== undefined) output.say(formatted)
    },
    onHandlerLine: (text) => {
      if (verbose) output.say(text)
    },
    onFunctionLine: ({ functionName, text, stream }) => {
      if (verbose || !line.once || stream === 'stderr') output.say(`[${functionName}] ${text}`)
    },
    onRouterExit: (how) =>
      output.say(`the router ended by itself (${how}); save the template to start it again`),
  }
}

function announce(running: RunningStack, output: Output): void {
  const { baseUrl, adminUrl, lambdaUrl, functionUrls, routes, skipped, notes } = running
  const example = routes[0]?.functionName ?? '<function>'
  const lines = [
    '',
    routesTable(routes),
    '',
    `router     ${baseUrl}`,
    ...(adminUrl === undefined ? [] : [`dashboard  ${adminUrl}`]),
    ...functionUrls.map(({ functionName, url }) => `function   ${url}  ${functionName}`),
    `lambda     ${lambdaUrl}`,
    '',
    'try',
    ...curlLines(routes, baseUrl).map((text) => `  ${text}`),
    `  aws lambda invoke --endpoint-url ${lambdaUrl} --function-name ${example} --payload '{}' /dev/stdout`,
    ...skipped.map(({ functionName, reason }) => `skipped: ${functionName}: ${reason}`),
    ...notes.map((note) => `note: ${note}`),
    '',
    'watching for changes; Ctrl-C stops',
  ]
  output.result(running, lines.join('\n'))
}
