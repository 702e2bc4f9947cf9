import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** Results of an earlier run: what every version of bench/results.json has. */
const beforeSchema = z.object({
  machine: z.object({ cpu: z.string(), cores: z.number() }),
  measured: z.string(),
  figures: z.array(z.object({ name: z.string(), value: z.number() })),
});

export type Before = z.output<typeof beforeSchema>;

const root = join(import.meta.dirname, '..');
const results = join('bench', 'results.json');

const readBefore = (file: string): Before => beforeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** Runs the benchmark of a commit in a working tree of its own, with the packages of that commit. */
const measureCommit = (ref: string): Before => {
  const folder = mkdtempSync(join(tmpdir(), 'sqs-browser-before-'));
  const run = (command: string, parameters: readonly string[], cwd: string): void => {
    execFileSync(command, parameters, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  run('git', ['worktree', 'add', '--detach', '--force', folder, ref], root);
  try {
    run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], folder);
    run('npm', ['run', 'bench'], folder);
    return readBefore(join(folder, results));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    run('git', ['worktree', 'prune'], root);
  }
};

/**
 * The figures to compare with. Default: those of the last run that bench/results.json has.
 * @param against a results file, or a commit, whose benchmark is then run first
 * @throws Error of git for something that is neither
 */
export const before = (against: string | undefined): Before => {
  if (against === undefined) return readBefore(join(root, results));
  return existsSync(against) ? readBefore(against) : measureCommit(against);
};
