import { resolve } from 'node:path'
import { bundleFunctions } from '../bundle/bundle.ts'
import type { Finding } from '../errors.ts'
import { FindingsError } from '../errors.ts'
import type { BuiltFunction } from './prepare.ts'
import type { RunningStack, Session } from './session.ts'
import { SourceWatcher } from './watcher.ts'

export interface LiveOptions {
  session: Session
  templateFile: string
  /** Functions were rebuilt and are in service. */
  onFunctions: (names: string[]) => void
  /** The template was reloaded and the router restarted. */
  onTemplate: (running: RunningStack) => void
  /** What was changed is not good; what ran before runs on. */
  onError: (error: unknown) => void
}

/** Keeps a running session in step with its sources. */
export class LiveReload {
  readonly #options: LiveOptions
  readonly #template: string
  readonly #watcher: SourceWatcher
  /** Logical ids of functions whose last build failed: any change nearby may be the remedy. */
  readonly #broken = new Set<string>()
  #work: Promise<void> = Promise.resolve()

  constructor(options: LiveOptions) {
    this.#options = options
    this.#template = resolve(options.templateFile)
    this.#watcher = new SourceWatcher((paths) => this.#enqueue(paths))
    this.#watchSources()
  }

  /** Stops watching and waits for the change that is being applied. */
  async close(): Promise<void> {
    this.#watcher.close()
    await this.#work
  }

  /** Changes are applied one after another. */
  #enqueue(paths: Set<string>): void {
    this.#work = this.#work.then(() => this.#apply(paths)).catch(this.#options.onError)
  }

  async #apply(paths: Set<string>): Promise<void> {
    if (paths.has(this.#template) || this.#inLayer(paths)) {
      await this.#reload()
      return
    }
    const affected = this.#functions().filter((fn) => this.#affects(paths, fn))
    if (affected.length > 0) await this.#rebuild(affected)
  }

  async #reload(): Promise<void> {
    const running = await this.#options.session.reload()
    this.#broken.clear()
    this.#watchSources()
    this.#options.onTemplate(running)
  }

  async #rebuild(functions: BuiltFunction[]): Promise<void> {
    const { session, onFunctions } = this.#options
    const { bundles, findings } = await bundleFunctions(
      functions.map(({ settings }) => settings),
      session.current.outputDir,
    )
    const names = functions.flatMap((fn) => {
      const { logicalId, name } = fn.settings
      const bundle = bundles.get(logicalId)
      if (bundle === undefined) {
        this.#broken.add(logicalId)
        return []
      }
      this.#broken.delete(logicalId)
      fn.bundle = bundle
      return [name]
    })
    if (names.length > 0) {
      await session.replaceFunctions(names)
      this.#watchSources()
      onFunctions(names)
    }
    if (findings.length > 0) throw new FindingsError(withoutRepeats(findings))
  }

  #functions(): BuiltFunction[] {
    return [...this.#options.session.current.functions.values()]
  }

  #inLayer(paths: Set<string>): boolean {
    return [...paths].some((path) => this.#layerDirs().some((dir) => path.startsWith(`${dir}/`)))
  }

  /** Only of layers that are used as they lie there: the build of any other may write where it reads. */
  #layerDirs(): string[] {
    const { layers } = this.#options.session.current
    return layers.filter(({ resource, dir }) => dir === resource.contentDir).map(({ dir }) => dir)
  }

  #affects(paths: Set<string>, { settings, bundle }: BuiltFunction): boolean {
    const near = this.#broken.has(settings.logicalId)
    return [...paths].some(
      (path) =>
        bundle.inputs.some((input) => path === input || path.startsWith(`${input}/`)) ||
        (near && path.startsWith(`${settings.codeDir}/`)),
    )
  }

  #watchSources(): void {
    const inputs = this.#functions().flatMap(({ bundle }) => bundle.inputs)
    this.#watcher.watch([this.#template, ...inputs, ...this.#layerDirs()])
  }
}

/** Several functions may be built from one source, and then share its mistakes. */
function withoutRepeats(findings: Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ place, message }) => {
    const key = place ? JSON.stringify(place) : message
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
