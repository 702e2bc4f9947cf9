import base from '../../jest.config.js';

/**
 * Programs of others judge what is deployed: `bash test/conformance/install.sh` gets them, then
 * `npm test -- -c test/conformance/jest.config.js`. @type {import('jest').Config}
 */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/conformance/**/*.test.ts'],
  testPathIgnorePatterns: [],
  globalSetup: undefined,
  setupFilesAfterEnv: [],
  globalTeardown: undefined,
  // What is deployed in one test is updated and destroyed in the next ones.
  randomize: false,
  maxWorkers: 1,
  testTimeout: 900_000,
};
