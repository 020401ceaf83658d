export { type BatchResult, batchAdapter } from './adapter.ts'
export type { WholeResponse } from './records.ts'
export { batchAdapterStream } from './stream-adapter.ts'
export type {
  AdapterOptions,
  Body,
  Chunk,
  ErrorInfo,
  Handler,
  HttpEvent,
  HttpResult,
  ItemContext,
  LambdaContext,
  ResponseStream,
  StreamAdapterOptions,
  Streamify,
} from './types.ts'
