import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** The processes that tests start, the CDK app above all, load in half the time when V8 keeps what it compiled. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');

/** Packages that keep nothing from one use to the next. */
const loadedOnce = ['@aws-sdk', 'aws-cdk-lib', 'fast-check', 'prettier', 'typescript', 'zod'];

/** @type {import('jest').Config} */
export default {
  // What takes long to load is loaded once for each of Jest's processes.
  transform: { [`/node_modules/(?:${loadedOnce.join('|')})/`]: '<rootDir>/test/environment/load-once.js' },
  transformIgnorePatterns: [],
  extensionsToTreatAsEsm: ['.ts'],
  // What every role calls is recorded while the tests run: no call may be denied, and no grant unused without a reason.
  globalSetup: '<rootDir>/test/recording/start.ts',
  setupFilesAfterEnv: ['<rootDir>/test/recording/record-calls.ts'],
  globalTeardown: '<rootDir>/test/recording/report.ts',
  testEnvironment: '<rootDir>/test/environment/environment.js',
  moduleNameMapper: { '^aws-template-emulator$': '<rootDir>/test/environment/aws-template-emulator.cjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/emulator/test/**/*.test.ts'],
  testPathIgnorePatterns: ['browser', 'conformance', 'engines', 'package'].map((folder) => `<rootDir>/test/${folder}/`),
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/dist/'],
  // The package's own exports lead to the sources.
  testEnvironmentOptions: { customExportConditions: ['@sqs-browser/source', 'node', 'node-addons'] },
  randomize: true,
  showSeed: true,
  // Ends what hangs. A machine with much else to do takes many times as long as a quiet one.
  testTimeout: 120_000,
  // Some suites wait for retries and long polls: one worker more than there are cores keeps all cores busy.
  maxWorkers: cpus().length + 1,
};
