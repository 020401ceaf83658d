import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { stringScalars } from 'lpr-toolkit/internals'
import { selfSignedCertificate } from '../self-signed-certificate.ts'
import { type JsonObject, objectOrEmpty } from './json.ts'
import type { Made, Provider, ResourceRequest } from './resource.ts'

/** Calls the function of an ARN with an event, and resolves when it has ended, however it ended. */
export type Invoke = (functionArn: string, event: unknown) => Promise<unknown>

const MAX_REPLY_BYTES = 4096

/**
 * Custom resources as CloudFormation runs them: an event to the function that `ServiceToken` names, with every scalar
 * as text, and one answer to an HTTPS URL that cannot be guessed.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html
 */
export class CustomResources implements Provider {
  /** Of the HTTPS server, in PEM: functions have to trust it (`NODE_EXTRA_CA_CERTS`). */
  readonly certificate: string
  /** Every event that was sent, without its URL. */
  readonly events: JsonObject[] = []
  /** Every answer that came, with its size on the wire. */
  readonly replies: { bytes: number; body: JsonObject }[] = []
  readonly #invoke: Invoke
  readonly #server: Server
  readonly #replies = new Map<string, Buffer>()

  private constructor(server: Server, certificate: string, invoke: Invoke) {
    this.#server = server
    this.certificate = certificate
    this.#invoke = invoke
    server.on('request', async (request, response) => {
      if (request.method === 'PUT') this.#replies.set(request.url ?? '', await buffer(request))
      response.writeHead(request.method === 'PUT' ? 200 : 405).end()
    })
  }

  static async start(invoke: Invoke): Promise<CustomResources> {
    const { cert, key } = selfSignedCertificate()
    const server = createServer({ cert, key })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new CustomResources(server, cert, invoke)
  }

  create(request: ResourceRequest): Promise<Made> {
    return this.#send('Create', request, {})
  }

  update(request: ResourceRequest, before: { physicalId: string; properties: JsonObject }): Promise<Made> {
    const { physicalId, properties } = before
    const more = { PhysicalResourceId: physicalId, OldResourceProperties: stringScalars(properties) }
    return this.#send('Update', request, more)
  }

  async delete(request: ResourceRequest & { physicalId: string }): Promise<void> {
    await this.#send('Delete', request, { PhysicalResourceId: request.physicalId })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #send(RequestType: string, request: ResourceRequest, more: JsonObject): Promise<Made> {
    const { stackId, logicalId, type, properties } = request
    const path = `/${randomUUID()}?X-Amz-Signature=${randomUUID()}`
    const event = {
      RequestType,
      StackId: stackId,
      RequestId: randomUUID(),
      ResourceType: type,
      LogicalResourceId: logicalId,
      ResourceProperties: stringScalars(properties),
      ...more,
    }
    this.events.push(event)
    const { port } = this.#server.address() as AddressInfo
    await this.#invoke(String(properties.ServiceToken), {
      ...event,
      ResponseURL: `https://127.0.0.1:${port}${path}`,
    })
    const reply = this.#replies.get(path)
    if (reply === undefined) throw new Error(`${logicalId}: CloudFormation did not receive a response`)
    const body = JSON.parse(reply.toString()) as JsonObject
    this.replies.push({ bytes: reply.length, body })
    return readReply(reply.length, body, event)
  }
}

function readReply(bytes: number, reply: JsonObject, event: JsonObject): Made {
  const name = String(event.LogicalResourceId)
  if (bytes > MAX_REPLY_BYTES) throw new Error(`${name}: Response is not valid: ${bytes} bytes`)
  for (const key of ['StackId', 'RequestId', 'LogicalResourceId'])
    if (reply[key] !== event[key]) throw new Error(`${name}: Invalid ${key} in the response`)
  if (reply.Status !== 'SUCCESS') throw new Error(`${name}: ${reply.Reason}`)
  return { physicalId: String(reply.PhysicalResourceId), attributes: objectOrEmpty(reply.Data) }
}
