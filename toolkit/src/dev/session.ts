import { join } from 'node:path'
import { stopBundler } from '../bundle/helper-process.ts'
import { stopMakes } from '../bundle/makefile.ts'
import type { LogLine } from '../local-lambda/index.ts'
import { publishConfig } from '../stack/publish.ts'
import { containerEnvironment, knownOutputs } from '../stack/router-resources.ts'
import { type RouteInfo, routesOf } from '../stack/routes.ts'
import { readStack, type StackOptions } from '../stack/stack.ts'
import { functionUrlNotes, LocalServices, type SkippedFunction } from './local-services.ts'
import { availablePort } from './ports.ts'
import { layerNotes, type Prepared, prepare } from './prepare.ts'
import { pythonNotes } from './python-notes.ts'
import { environmentNotes, routerEnvironment } from './router-environment.ts'
import { answersOk, locateRouter, RouterProcess } from './router-process.ts'
import { Services, StoppedError } from './services.ts'

export interface SessionOptions extends StackOptions {
  /** 0 for any free port. */
  port: number
  adminPort: number
  /** Logical id of the router to run, if the template has several. */
  router: string | undefined
  /** Progress for people. */
  onProgress: (text: string) => void
  /** Lines of the router's log, as it writes them. */
  onRouterLine: (line: string) => void
  /** Lines that macro and publisher log. What matters to the user comes as an error besides. */
  onHandlerLine: (line: string) => void
  onFunctionLine: (line: LogLine) => void
  /** The router ended though nobody stopped it. */
  onRouterExit: (how: string) => void
}

/** What runs, and where. */
export interface RunningStack {
  baseUrl: string
  /** Absent when the router serves no admin pages. */
  adminUrl?: string
  lambdaUrl: string
  configUri: string
  routes: RouteInfo[]
  functionUrls: { functionName: string; url: string }[]
  /** Outputs of the stack that can be known locally. */
  outputs: Record<string, string>
  /** Functions that cannot be started on this machine; their routes answer with an error. */
  skipped: SkippedFunction[]
  notes: string[]
}

/** A published template: what is needed to run it, and to go back to it. */
interface Deployed {
  prepared: Prepared
  /** Of the router's process. */
  environment: Record<string, string>
  running: RunningStack
}

/** Everything that `lpr dev` runs for one template: local S3, local Lambda, function URLs, and the router. */
export class Session {
  readonly #options: SessionOptions
  readonly #services = new Services()
  readonly #local: LocalServices
  readonly #abort = new AbortController()
  #program = ''
  #port = 0
  #adminPort = 0
  #temporary = ''
  #generation = 0
  #router: RouterProcess | undefined
  #deployed: Deployed | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#local = new LocalServices(this.#services, options.onFunctionLine)
  }

  /** Starts everything. Throws a FindingsError, or a StoppedError if `stop` came first; call `stop` in either case. */
  async start(): Promise<RunningStack> {
    const { onProgress } = this.#options
    this.#program = locateRouter()
    this.#port = await availablePort(this.#options.port, '--port')
    this.#adminPort = await availablePort(this.#options.adminPort, '--admin-port')
    this.#temporary = await this.#services.temporaryDirectory()
    await this.#services.own('bundler', Promise.resolve(), () => stopBundler())
    await this.#services.own('makes', Promise.resolve(), () => stopMakes())
    onProgress('building functions and expanding the template')
    const prepared = await this.#prepare()
    onProgress('publishing the config')
    await this.#local.start(prepared)
    const deployed = await this.#publish(prepared)
    onProgress('starting the router')
    await this.#services.own('router', Promise.resolve(), () => this.#stopRouter())
    await this.#startRouter(deployed)
    this.#deployed = deployed
    return this.#withAdmin(deployed.running)
  }

  /** The template that runs now. */
  get current(): Prepared {
    if (this.#deployed === undefined) throw new Error('the session has not started')
    return this.#deployed.prepared
  }

  /** Puts rebuilt functions of the current template into service; the router runs on. */
  replaceFunctions(functionNames: string[]): Promise<void> {
    return this.#local.run(this.current, functionNames)
  }

  /**
   * Expands and publishes the template anew and restarts the router with it. Whatever is wrong with the new one, the old
   * one runs on, and the mistake is thrown.
   */
  async reload(): Promise<RunningStack> {
    const old = this.#deployed
    const next = await this.#publish(await this.#prepare())
    await this.#stopRouter()
    try {
      await this.#local.run(next.prepared)
      await this.#startRouter(next)
    } catch (error) {
      await this.#goBack(old)
      throw error
    }
    this.#deployed = next
    return this.#withAdmin(next.running)
  }

  /** Stops all of it, at whatever point the start is. Leaves no process and no file. */
  stop(): Promise<void> {
    this.#abort.abort(new StoppedError('stopped'))
    return this.#services.stop()
  }

  /** Ends child processes without waiting: the last resort while this process is ending. */
  kill(): void {
    this.#router?.kill()
  }

  /** Everything that can find a mistake. */
  async #prepare(): Promise<Prepared> {
    const { router, onHandlerLine, onProgress } = this.#options
    const stack = readStack(this.#options)
    // Both platforms' names, as the macro rewrites one into the other.
    for (const routerId of stack.routerIds) {
      for (const name of ['ServiceUrl', 'Endpoint']) stack.scope.addAttribute(routerId, name, this.#listen)
    }
    await this.#local.serveFunctionUrls(stack, this.#port + 1)
    this.#generation += 1
    const outputDir = join(this.#temporary, `functions-${this.#generation}`)
    const prepared = await prepare({
      stack,
      outputDir,
      router,
      onLog: onHandlerLine,
      onBuild: onProgress,
    })
    this.#checkStopped()
    return prepared
  }

  async #publish(prepared: Prepared): Promise<Deployed> {
    const { stack, router, expanded } = prepared
    const addresses = { listen: this.#listen, admin: `127.0.0.1:${this.#adminPort}` }
    const { configUri, published } = await publishConfig(
      stack,
      router,
      addresses,
      this.#options.onHandlerLine,
    )
    this.#checkStopped()
    const container = containerEnvironment(stack, router)
    const { endpoints } = this.#local
    const environment = routerEnvironment(container, { configUri, region: stack.identity.region, endpoints })
    const running = {
      baseUrl: `http://${addresses.listen}`,
      lambdaUrl: endpoints.lambda,
      configUri,
      routes: routesOf(published),
      functionUrls: this.#local.functionUrls(prepared),
      outputs: plainHttp(knownOutputs(stack, expanded), addresses.listen),
      skipped: this.#local.skipped(prepared),
      notes: [
        ...environmentNotes(container),
        ...functionUrlNotes(stack),
        ...layerNotes(prepared),
        ...pythonNotes(prepared),
      ],
    }
    return { prepared, environment, running }
  }

  async #startRouter({ environment, running }: Deployed): Promise<void> {
    const readyUrl = `${running.baseUrl}/readyz`
    const options = { program: this.#program, environment, readyUrl, onLine: this.#options.onRouterLine }
    const router = await RouterProcess.start(options, this.#abort.signal)
    this.#router = router
    void router.exited.then((how) => {
      if (this.#router !== router) return
      this.#router = undefined
      if (!this.#services.stopped) this.#options.onRouterExit(how)
    })
    if (this.#services.stopped) await this.#stopRouter()
    this.#checkStopped()
  }

  async #withAdmin(running: RunningStack): Promise<RunningStack> {
    const adminUrl = `http://127.0.0.1:${this.#adminPort}`
    return (await answersOk(`${adminUrl}/status`)) ? { ...running, adminUrl } : running
  }

  async #stopRouter(): Promise<void> {
    const router = this.#router
    this.#router = undefined
    await router?.stop()
  }

  async #goBack(old: Deployed | undefined): Promise<void> {
    if (old === undefined || this.#services.stopped) return
    await this.#local.run(old.prepared)
    await this.#startRouter(old)
  }

  get #listen(): string {
    return `127.0.0.1:${this.#port}`
  }

  #checkStopped(): void {
    if (this.#services.stopped) throw new StoppedError('stopped')
  }
}

/** Templates write `https://` in front of the service's host, but the local router speaks plain HTTP. */
function plainHttp(outputs: Record<string, string>, host: string): Record<string, string> {
  const entries = Object.entries(outputs)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value.replaceAll(`https://${host}`, `http://${host}`)]),
  )
}
