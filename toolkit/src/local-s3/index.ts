export { LocalS3, type LocalS3Options } from './local-s3.ts'
export type { StoredObject } from './store.ts'
