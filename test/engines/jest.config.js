import base from '../browser/jest.config.js';

/** Tests in three browsers: `npm test -- -c test/engines/jest.config.js`. @type {import('jest').Config} */
export default { ...base, testMatch: ['<rootDir>/test/engines/**/*.test.ts'] };
