import { goodBody, type HttpConnection, SeededRandom } from '@lpr/test-kit'
import type { Instance } from '../instance.ts'
import { verdict } from '../rig.ts'

const HEALTH_INTERVAL_MS = 20

/** A load balancer: keeps asking every instance whether it is ready, and sends requests to those that are. */
export class Balancer {
  readonly instances = new Set<Instance>()
  #stopped = false

  add(instance: Instance): void {
    this.instances.add(instance)
    void this.#watch(instance)
  }

  /** Resolves when the instance is in service, or out of it. */
  async until(instance: Instance, inService: boolean): Promise<void> {
    while (instance.inService !== inService) await new Promise(setImmediate)
  }

  pick(random: SeededRandom): Instance {
    return random.pick([...this.instances].filter(({ inService }) => inService))
  }

  stop(): void {
    this.#stopped = true
  }

  async #watch(instance: Instance): Promise<void> {
    while (!this.#stopped && this.instances.has(instance)) {
      instance.inService = await instance.ready()
      await new Promise((resolve) => setTimeout(resolve, HEALTH_INTERVAL_MS))
    }
  }
}

/** Clients with keep-alive connections that send one request after the other, each to any instance in service. */
export class Load {
  sent = 0
  readonly failures: string[] = []
  readonly #balancer: Balancer
  readonly #clients: Promise<void>[]
  #stopped = false

  constructor(balancer: Balancer, clients: number) {
    this.#balancer = balancer
    this.#clients = Array.from({ length: clients }, (_, index) => this.#client(new SeededRandom(index)))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#clients)
  }

  async #client(random: SeededRandom): Promise<void> {
    const connections = new Map<Instance, HttpConnection>()
    while (!this.#stopped) {
      for (const [instance, connection] of connections) {
        if (instance.inService && connection.usable) continue
        connection.close()
        connections.delete(instance)
      }
      await this.#request(connections, random)
    }
    for (const connection of connections.values()) connection.close()
  }

  async #request(connections: Map<Instance, HttpConnection>, random: SeededRandom): Promise<void> {
    const path = `/${random.pick(['b', 's'])}/${this.sent++}`
    const method = random.pick(['GET', 'POST'])
    const instance = this.#balancer.pick(random)
    try {
      const connection = connections.get(instance) ?? (await instance.connect())
      connections.set(instance, connection)
      const body = method === 'POST' ? 'x'.repeat(random.below(2000)) : undefined
      const outcome = await connection.request({ method, path, ...(body === undefined ? {} : { body }) })
      if (outcome.body.toString() !== goodBody(path)) this.failures.push(`${path}: ${verdict(outcome)}`)
      if (outcome.headers.get('connection')?.includes('close')) {
        connection.close()
        connections.delete(instance)
      }
    } catch (error) {
      this.failures.push(`${path}: ${String(error)}`)
      connections.delete(instance)
    }
  }
}
