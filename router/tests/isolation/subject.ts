import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@lpr/contract'
import { createLambdaInvoker } from '../../src/invoke/lambda.ts'
import { Router, type RouterFigures } from '../../src/router.ts'
import { Instance } from '../instance.ts'

/** What a router holds; all zero when nothing is under way. */
export interface Left {
  requests: number
  invocations: number
  pending: number
}

/** The router under test, wherever it runs. */
export interface Subject {
  readonly port: number
  left(): Promise<Left>
  /** Ends it, and what is still under way with it. */
  stop(): Promise<void>
}

/** A router in this process, from its sources. */
export async function launchInProcess(manifest: Manifest): Promise<Subject> {
  const router = new Router(manifest, { invoker: createLambdaInvoker(manifest.MaxInflightInvocations) })
  const { port } = await router.start()
  return {
    port,
    left: async () => leftOf(router.figures),
    async stop() {
      const stopped = router.stop()
      router.abort()
      await stopped
    },
  }
}

/** In MiB. */
export interface Memory {
  resident: number
  heap: number
}

/** A router as it is shipped, in a process that holds nothing else, so that its memory is its own. */
export interface ShippedSubject extends Subject {
  /** After garbage collections. */
  memory(): Promise<Memory>
}

/** `nodeOptions` load the module that answers for `memory`. */
export async function launchShipped(
  manifest: Manifest,
  bundle: string,
  nodeOptions: string[],
): Promise<ShippedSubject> {
  const directory = await mkdtemp(join(tmpdir(), 'lpr-isolation-'))
  const config = join(directory, 'config.json')
  await writeFile(config, JSON.stringify({ ...manifest, AdminListenAddr: '127.0.0.1:0' }))
  const instance = await Instance.start(bundle, config, nodeOptions)
  const status = `http://127.0.0.1:${instance.adminPort}/status`
  return {
    port: instance.port,
    left: async () => leftOf((await (await fetch(status)).json()) as RouterFigures),
    memory: () => instance.message<Memory>('memory'),
    async stop() {
      instance.kill()
      await instance.exited
      await rm(directory, { recursive: true })
    },
  }
}

function leftOf({ inflightRequests, inflightInvocations, pendingInvocations }: RouterFigures): Left {
  return { requests: inflightRequests, invocations: inflightInvocations, pending: pendingInvocations }
}
