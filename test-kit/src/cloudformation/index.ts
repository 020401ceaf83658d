export { packageCode, packagedFunction } from './package-code.ts'
