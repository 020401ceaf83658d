/** Parts of the toolkit that the test kit builds on; nothing for users. */
export { locateRouter, RouterProcess } from './dev/router-process.ts'
export { stringScalars } from './stack/custom-resource.ts'
export { conditionHolds, type Resolved, resolveIntrinsics, type Scope } from './template/intrinsics.ts'
