/** `results.js counts|failures FILE STATUS`: reads what jest wrote to FILE before its command ended with STATUS. */
import { existsSync, readFileSync } from 'node:fs';
import console from 'node:console';
import process from 'node:process';

const [what, file, status] = process.argv.slice(2);
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0, testResults = [] } = results ?? {};
const counted = numFailedTests + numRuntimeErrorTestSuites;

/** What went wrong although no test failed. */
const silent = () => {
  if (counted > 0) return undefined;
  if (!results) return `no results: the command ended with status ${status} before jest wrote them`;
  if (status !== '0') return `all tests passed, and the command ended with status ${status}: its output says why`;
  return numPassedTests === 0 ? 'no test ran' : undefined;
};

/** The failed tests of a file, or that it could not run. */
const failuresOf = ({ name, message, assertionResults }) => {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length > 0) return failed.map(({ fullName }) => `${name}: ${fullName}`);
  return assertionResults.length === 0 ? [`${name}: ${message.trim().split('\n')[0]}`] : [];
};

if (what === 'counts') {
  console.log(numPassedTests, counted + (silent() ? 1 : 0));
} else {
  const lines = [
    silent() ?? [],
    ...testResults.filter((suite) => suite.status === 'failed').flatMap(failuresOf),
  ].flat();
  for (const line of lines) console.log(`  FAILED: ${line.replace(`${process.cwd()}/`, '')}`);
}
