import config from './jest.config.js'

/** Tests in a real browser: `make test-browser` installs it first. */
export default {
  ...config,
  testMatch: ['<rootDir>/**/*.browser.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.aws-sam/'],
  testTimeout: 180_000,
}
