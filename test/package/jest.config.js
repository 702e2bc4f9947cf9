import base from '../../jest.config.js';

/** Tests of the packed tarball, in folders with nothing else: `npm test -- -c test/package/jest.config.js`. @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: [],
  globalSetup: undefined,
  setupFilesAfterEnv: [],
  globalTeardown: undefined,
  maxWorkers: 1,
  testTimeout: 300_000,
};
