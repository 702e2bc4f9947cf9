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

/** The results of an earlier run, as far as they are compared. */
export type Before = z.output<typeof beforeSchema>;

/** A commit that was measured on this machine, a few minutes before the figures it stands beside. */
export interface Comparison extends Before {
  /** Abbreviated. */
  readonly commit: string;
  /** The results in the commit itself, from another machine. */
  readonly committed?: Before;
}

/** The earlier results that the figures are printed beside. */
export interface Compared {
  /** Its description: `bench/results.json, measured 2026-11-26T08:47`. */
  readonly title: string;
  readonly before: Before;
  readonly comparison?: Comparison;
}

const root = join(import.meta.dirname, '..');
const results = 'bench/results.json';

const readBefore = (text: string): Before => beforeSchema.parse(JSON.parse(text));

const git = (...parameters: readonly string[]): string =>
  execFileSync('git', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** The abbreviated commit. @throws Error for what is none */
const commitOf = (ref: string): string => {
  try {
    return git('rev-parse', '--short', '--verify', `${ref}^{commit}`);
  } catch {
    throw new Error(`--against takes a results file or a commit: "${ref}" is neither`);
  }
};

/** The results that a commit has, if it measured something itself: other commits carry those of one before. */
const committedBy = (commit: string): Before | undefined =>
  git('show', '--format=', '--name-only', commit).split('\n').includes(results)
    ? readBefore(git('show', `${commit}:${results}`))
    : undefined;

/** Runs the benchmark of a commit in a working tree of its own, with the packages of that commit. */
const measureCommit = (commit: string): Comparison => {
  const folder = mkdtempSync(join(tmpdir(), 'sqs-browser-before-'));
  const run = (command: string, parameters: readonly string[], cwd: string): void => {
    execFileSync(command, parameters, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  run('git', ['worktree', 'add', '--detach', '--force', folder, commit], root);
  try {
    // npm run hands on this checkout's .npmrc, but an older commit may not list the packages whose install scripts it allows.
    run('npm', ['ci', '--strict-allow-scripts=false', '--prefer-offline', '--no-audit', '--no-fund'], folder);
    run('npm', ['run', 'bench'], folder);
    const committed = committedBy(commit);
    return { ...readBefore(readFileSync(join(folder, results), 'utf8')), commit, ...(committed && { committed }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    run('git', ['worktree', 'prune'], root);
  }
};

const fromFile = (file: string, name: string): Compared => {
  const before = readBefore(readFileSync(file, 'utf8'));
  return { title: `${name}, measured ${before.measured.slice(0, 16)}`, before };
};

/**
 * The figures to compare with. Default: those of the last run that bench/results.json has.
 * @param against a results file, or a commit, whose benchmark is then run first
 * @throws Error naming what is neither
 */
export const compared = (against: string | undefined): Compared => {
  if (against === undefined) return fromFile(join(root, results), results);
  if (existsSync(against)) return fromFile(against, against);
  const commit = commitOf(against);
  const subject = git('log', '-1', '--format=%s (%cs)', commit);
  console.log(`First the benchmark of ${commit}, ${subject}, as it was then.`);
  const comparison = measureCommit(commit);
  return { title: `${commit}, ${subject}, measured here just now`, before: comparison, comparison };
};
