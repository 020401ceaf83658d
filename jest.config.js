/** Tests run as native ES modules, transformed file by file; types are checked by `make check`. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.aws-sam/', '\\.(heavy|browser)\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/', '/.aws-sam/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // Workspaces are tested from source; the build uses the same condition.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'lpr-source'] },
  testTimeout: 30_000,
}
