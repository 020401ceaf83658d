import config from './jest.config.js'

/** Tests that need more than Node: `make test-heavy` installs it first. */
export default {
  ...config,
  testMatch: ['<rootDir>/**/*.heavy.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.aws-sam/'],
  testTimeout: 120_000,
}
