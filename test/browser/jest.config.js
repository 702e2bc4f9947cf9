import base from '../../jest.config.js';

/** Tests in a real browser: `npm run test:browser`. @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: [],
  // Which grants no call used is asked of a whole run of `npm test`; that no call is denied is checked here too.
  globalSetup: undefined,
  globalTeardown: undefined,
  maxWorkers: 1,
  // Ends what hangs: a machine with much else to do shows some twenty messages a second.
  testTimeout: 600_000,
};
