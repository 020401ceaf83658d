import { locateRouter, RouterProcess } from 'lpr-toolkit/internals'
import { type JsonObject, objectOrEmpty } from './json.ts'
import type { Made, Provider, ResourceRequest } from './resource.ts'

/** What a platform would start, read from the properties of its service. */
interface Container {
  port: number
  healthPath: string
  environment: Record<string, string>
}

/**
 * `AWS::AppRunner::Service` and `AWS::ECS::ExpressGatewayService` with the real router as their container: a process
 * with the environment that the service gives it, up when the service's own health check says so. A platform runs old
 * and new side by side; here the new one takes the old one's port, so the old one ends first.
 */
export class RouterServices implements Provider {
  readonly #environment: Record<string, string>
  readonly #running = new Map<string, RouterProcess>()

  /** `environment`: what this machine needs beside the service's own variables, such as endpoints. */
  constructor(environment: Record<string, string>) {
    this.#environment = environment
  }

  async create(request: ResourceRequest): Promise<Made> {
    const { port, healthPath, environment } = containerOf(request)
    const name = `${request.stackName}-${request.logicalId}`
    await this.#stop(name)
    const router = await RouterProcess.start({
      program: locateRouter(),
      environment: { PATH: process.env.PATH ?? '', ...environment, ...this.#environment },
      readyUrl: `http://127.0.0.1:${port}${healthPath}`,
      onLine: () => undefined,
    })
    this.#running.set(name, router)
    const host = `127.0.0.1:${port}`
    return { physicalId: name, attributes: { [urlAttribute(request)]: host } }
  }

  update(request: ResourceRequest): Promise<Made> {
    return this.create(request)
  }

  delete({ physicalId }: { physicalId: string }): Promise<void> {
    return this.#stop(physicalId)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.#stop(name)))
  }

  async #stop(name: string): Promise<void> {
    await this.#running.get(name)?.stop()
    this.#running.delete(name)
  }
}

function urlAttribute({ type }: ResourceRequest): string {
  return type === 'AWS::AppRunner::Service' ? 'ServiceUrl' : 'Endpoint'
}

function containerOf({ type, properties }: ResourceRequest): Container {
  return type === 'AWS::AppRunner::Service' ? appRunnerContainer(properties) : ecsContainer(properties)
}

function appRunnerContainer({ SourceConfiguration, HealthCheckConfiguration }: JsonObject): Container {
  const repository = objectOrEmpty(objectOrEmpty(SourceConfiguration).ImageRepository)
  const { Port, RuntimeEnvironmentVariables } = objectOrEmpty(repository.ImageConfiguration)
  const environment = { ...variables(RuntimeEnvironmentVariables), PORT: String(Port) }
  return { port: Number(Port), healthPath: String(objectOrEmpty(HealthCheckConfiguration).Path), environment }
}

function ecsContainer({ PrimaryContainer, HealthCheckPath }: JsonObject): Container {
  const { ContainerPort, Environment } = objectOrEmpty(PrimaryContainer)
  return {
    port: Number(ContainerPort),
    healthPath: String(HealthCheckPath),
    environment: variables(Environment),
  }
}

function variables(list: unknown): Record<string, string> {
  const entries = Array.isArray(list) ? list.map(objectOrEmpty) : []
  return Object.fromEntries(entries.map(({ Name, Value }) => [String(Name), String(Value)]))
}
