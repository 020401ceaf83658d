import { LocalLambda, type LogLine, whyNotStarted } from '../local-lambda/index.ts'
import { LocalS3 } from '../local-s3/index.ts'
import { type FunctionUrlResource, functionUrlResources } from '../stack/function-url-resources.ts'
import type { Stack } from '../stack/stack.ts'
import { FunctionUrls } from './function-urls.ts'
import { invokeFunction } from './invoke.ts'
import { devLaunchers } from './launchers.ts'
import { type BuiltFunction, localFunction, type Prepared } from './prepare.ts'
import { DUMMY_CREDENTIALS, type Endpoints } from './router-environment.ts'
import type { Services } from './services.ts'

/** A function that is not run, and why. */
export interface SkippedFunction {
  functionName: string
  reason: string
}

/** The stand-ins for AWS: S3, Lambda and function URLs. They outlive a change of the template. */
export class LocalServices {
  readonly #services: Services
  readonly #onLog: (line: LogLine) => void
  readonly #launchers = devLaunchers()
  #urls: FunctionUrls | undefined
  #s3: LocalS3 | undefined
  #lambda: LocalLambda | undefined
  /** What runs now: the functions that URLs are answered with. */
  #running: Prepared | undefined

  /** What is started is owned, and in the end stopped, by `services`. */
  constructor(services: Services, onLog: (line: LogLine) => void) {
    this.#services = services
    this.#onLog = onLog
  }

  /** Gives every function URL of the template its listener, from `firstPort` on, and makes the URLs known to its scope. */
  async serveFunctionUrls(stack: Stack, firstPort: number): Promise<void> {
    this.#urls ??= await this.#services.own(
      'function URLs',
      this.#newFunctionUrls(stack, firstPort),
      (urls) => urls.stop(),
    )
    await this.#urls.serve(servedUrls(stack).map(({ urlId }) => urlId))
    for (const [urlId, url] of this.#urls.urls) stack.scope.addAttribute(urlId, 'FunctionUrl', url)
  }

  /** Starts S3 and Lambda, and points this process at S3 for the publisher that runs in it. */
  async start(prepared: Prepared): Promise<void> {
    const { bucketName, identity } = prepared.stack
    const { accountId, region } = identity
    const s3 = LocalS3.start({ buckets: [bucketName], accountId })
    this.#s3 = await this.#services.own('local S3', s3, (started) => started.stop())
    const functions = [...prepared.functions.values()].map(localFunction)
    const launchers = this.#launchers
    const lambda = LocalLambda.start({ functions, region, accountId, launchers, onLog: this.#onLog })
    this.#lambda = await this.#services.own('local Lambda', lambda, (started) => started.stop())
    this.#running = prepared
    pointPublisherAt(this.#s3.url, bucketName, region)
  }

  get endpoints(): Endpoints {
    if (!this.#s3 || !this.#lambda) throw new Error('the local services have not started')
    return { s3: this.#s3.url, lambda: this.#lambda.url }
  }

  /** Runs these functions from now on. `changed` names those whose code was rebuilt; all, when it is left out. */
  async run(prepared: Prepared, changed?: string[]): Promise<void> {
    this.#lambda?.update([...prepared.functions.values()].map(localFunction), changed)
    this.#running = prepared
    await this.#urls?.keepOnly(servedUrls(prepared.stack).map(({ urlId }) => urlId))
  }

  functionUrls({ stack, functions }: Prepared): { functionName: string; url: string }[] {
    const urls = this.#urls?.urls
    return servedUrls(stack).map(({ urlId, functionId }) => {
      return { functionName: nameOf(functions, functionId), url: urls?.get(urlId) ?? '' }
    })
  }

  /** The functions that cannot be started on this machine. What they answer says so too. */
  skipped({ functions }: Prepared): SkippedFunction[] {
    return [...functions.values()].flatMap((fn) => {
      const reason = fn.bundle.missing ?? whyNotStarted(localFunction(fn), this.#launchers)
      return reason === undefined ? [] : [{ functionName: fn.settings.name, reason }]
    })
  }

  async #newFunctionUrls({ identity }: Stack, firstPort: number): Promise<FunctionUrls> {
    return new FunctionUrls({
      accountId: identity.accountId,
      firstPort,
      invoke: (urlId, event) => this.#invoke(urlId, event),
    })
  }

  async #invoke(urlId: string, event: unknown): Promise<{ payload: unknown; failed: boolean }> {
    if (!this.#running) throw new Error('the functions have not started')
    const { stack, functions } = this.#running
    const functionId = servedUrls(stack).find((resource) => resource.urlId === urlId)?.functionId ?? ''
    return invokeFunction(this.endpoints.lambda, nameOf(functions, functionId), event)
  }
}

/** Why some function URLs of the template are missing. */
export function functionUrlNotes(stack: Stack): string[] {
  return functionUrlResources(stack)
    .filter(({ streaming }) => streaming)
    .map(({ urlId }) => `${urlId}: function URLs with InvokeMode RESPONSE_STREAM are not served locally`)
}

function servedUrls(stack: Stack): FunctionUrlResource[] {
  return functionUrlResources(stack).filter(({ streaming }) => !streaming)
}

function nameOf(functions: Map<string, BuiltFunction>, functionId: string): string {
  return functions.get(functionId)?.settings.name ?? functionId
}

/** The publisher takes its settings from the environment, as in Lambda. Real credentials must not reach a local service. */
function pointPublisherAt(s3Url: string, bucketName: string, region: string): void {
  Object.assign(process.env, DUMMY_CREDENTIALS, {
    AWS_REGION: region,
    AWS_ENDPOINT_URL_S3: s3Url,
    LPR_DEFAULT_BUCKET: bucketName,
  })
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'LPR_BUCKET_OWNER']) delete process.env[name]
}
