import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readCounts, writeCounts } from '../security/counts.ts';
import type { Recorded } from './record-calls.ts';
import { neverUsed } from './never-used.ts';

const readAll = async (folder: string): Promise<readonly Recorded[]> => {
  const files = await readdir(folder);
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Recorded));
};

interface Run {
  readonly testPathPatterns?: { readonly patterns: readonly string[] };
  readonly testNamePattern?: string;
  readonly shard?: unknown;
  readonly onlyChanged?: boolean;
  readonly onlyFailures?: boolean;
}

/** Whether all tests were run: only then it is known which grants no test has used. */
const isWhole = ({ testPathPatterns, testNamePattern, shard, onlyChanged, onlyFailures }: Run): boolean =>
  process.env['WHOLE_RUN'] !== undefined ||
  ((testPathPatterns?.patterns.length ?? 0) === 0 && !testNamePattern && !shard && !onlyChanged && !onlyFailures);

/**
 * After a run of all tests: reports the grants that no call used. When one is not explained in never-used.ts, or an
 * explanation is out of date, it says so, and the run fails. It does not throw: jest would then write no results.
 */
export default async (run: Run): Promise<void> => {
  for (const fault of await findFaults(run)) {
    process.stderr.write(`FAILED: ${fault}\n`);
    process.exitCode = 1;
  }
};

const findFaults = async (run: Run): Promise<readonly string[]> => {
  const folder = process.env['CALL_RECORDS'] ?? '';
  const recorded = await readAll(folder);
  await rm(folder, { recursive: true });
  if (!isWhole(run)) return [];
  const granted = new Set(recorded.flatMap((file) => file.granted));
  const used = new Set(recorded.flatMap((file) => file.used));
  const calls = recorded.reduce((sum, file) => sum + file.calls, 0);
  const unused = [...granted].filter((grant) => !used.has(grant));
  const lines = unused.map(
    (grant) => `  ${grant}: ${neverUsed.find(({ is }) => is.test(grant))?.reason ?? 'NO REASON'}`,
  );
  process.stdout.write(
    `${calls} calls of roles; of ${granted.size} grants ${unused.length} were never used:\n${lines.join('\n')}\n`,
  );
  const unexplained = lines.some((line) => line.endsWith('NO REASON'));
  const stale = neverUsed.filter(({ is }) => !unused.some((grant) => is.test(grant)));
  const explanations = stale.map(({ is }) => is.source).join(', ');
  return [
    ...(unexplained ? ['grants that no test uses: give them up, or say why in test/recording/never-used.ts'] : []),
    ...(explanations ? [`test/recording/never-used.ts explains what is used: ${explanations}`] : []),
    ...(await findWrongCounts({ grants: granted.size, grantsUnusedWithReason: unused.length })),
  ];
};

/** Holds docs/security-counts.json to a whole run; `UPDATE_COUNTS=1` writes it instead. */
const findWrongCounts = async (counted: Readonly<Record<string, number>>): Promise<readonly string[]> => {
  if (process.env['UPDATE_COUNTS'] !== undefined) {
    await writeCounts(counted);
    return [];
  }
  const written = await readCounts();
  const wrong = Object.keys(counted).filter((name) => written[name] !== counted[name]);
  return wrong.map(
    (name) =>
      `docs/security-counts.json says ${written[name]} ${name}, it is ${counted[name]}: run npm test with UPDATE_COUNTS=1`,
  );
};
