import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { Server as GrpcServer, type Metadata, ServerCredentials } from '@grpc/grpc-js'
import { decodeMetricNames, decodeSpans, type ReceivedSpan } from './messages.ts'

/** A collector of OTLP in this process, over real sockets. It keeps what it gets. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = []
  readonly metrics: { name: string; unit: string }[] = []
  /** Headers or metadata of each export. */
  readonly headers: IncomingHttpHeaders[] = []
  /** To be used as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  readonly close: () => Promise<void>

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url
    this.close = close
  }

  /** OTLP/HTTP with protobuf. */
  static async http(): Promise<OtlpReceiver> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const receiver = new OtlpReceiver(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    )
    receiver.#serveHttp(server)
    return receiver
  }

  /** OTLP/gRPC. */
  static async grpc(): Promise<OtlpReceiver> {
    const server = new GrpcServer()
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    )
    const receiver = new OtlpReceiver(`http://127.0.0.1:${port}`, async () => server.forceShutdown())
    receiver.#serveGrpc(server, 'trace.v1.TraceService')
    receiver.#serveGrpc(server, 'metrics.v1.MetricsService')
    return receiver
  }

  #serveHttp(server: HttpServer): void {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
        this.#take(request.url === '/v1/metrics' ? 'metrics' : 'traces', bytes, request.headers)
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
      })
    })
  }

  #serveGrpc(server: GrpcServer, service: string): void {
    const definition = {
      path: `/opentelemetry.proto.collector.${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes: Buffer) => bytes,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes,
    } as const
    type Export = (
      call: { request: Buffer; metadata: Metadata },
      done: (error: null, bytes: Buffer) => void,
    ) => void
    const handler: Export = ({ request, metadata }, done) => {
      const kind = service.startsWith('metrics') ? 'metrics' : 'traces'
      this.#take(kind, request, metadata.getMap() as IncomingHttpHeaders)
      done(null, Buffer.alloc(0))
    }
    server.addService({ Export: definition }, { Export: handler })
  }

  #take(kind: 'traces' | 'metrics', bytes: Uint8Array, headers: IncomingHttpHeaders): void {
    this.headers.push(headers)
    if (kind === 'metrics') this.metrics.push(...decodeMetricNames(bytes))
    else this.spans.push(...decodeSpans(bytes))
  }
}
