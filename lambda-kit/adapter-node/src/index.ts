export { batchAdapter } from './batch.ts'
export { batchAdapterStream } from './stream.ts'
export type {
  AdapterOptions,
  BatchHandler,
  ErrorInfo,
  Handler,
  HttpEvent,
  HttpResponse,
  ItemContext,
  LambdaContext,
  OnError,
  Phase,
  ResponseStream,
  StreamAdapterOptions,
  StreamBatchHandler,
} from './types.ts'
export type { BatchEvent, BatchMeta, BufferedEnvelope, BufferedResponse, StreamRecord } from './wire.ts'
