import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { cases, fail, faultTable, runCase, sessionAfter } from './fault-matrix.ts';
import type { Case, Outcome } from './fault-matrix.ts';
import { ServiceHarness } from './service-harness.ts';
import { serviceContext } from '../tools/identities.ts';

/** Longer than the stack's grace period, shorter than keys live, milliseconds. */
const pastGrace = 2 * 3_600_000;

const page = new URL('../../docs/lifecycle.md', import.meta.url);
const marked = /(<!-- fault table: begin[^>]*-->\n)[^]*(\n<!-- fault table: end -->)/;

const isAll = process.env['FAULTS'] === 'all';

/** With `FAULTS=all`, as in CI, all of them; otherwise every task at either moment meets one of the faults, each in its turn. */
const choose = (from: readonly Case[]): readonly Case[] =>
  [...Map.groupBy(from, ({ operation, task, when }) => `${operation.name} ${task} ${when}`).values()].flatMap(
    (group, turn) => (isAll ? group : group.slice(turn % group.length).slice(0, 1)),
  );

const chosen = choose(cases);

const title = ({ operation, task, when, fault }: Case): string =>
  `${operation.name}: ${task} fails ${when} its effect (${fault.name})`;

const expectedStatus = ({ operation, task, when, fault }: Case): number => {
  // A create or destroy that has done its work does not fail for want of tidiness: what is left is the cleanup's.
  if (['UndoCreate', 'DeleteIdentity'].includes(task)) return operation.spoiled ? 502 : 200;
  // A repetition finds that the queue is gone.
  if (task === 'DeleteQueue' && when === 'after' && fault.name !== 'access denied') return 200;
  return { throttled: 429, timeout: 504 }[fault.name] ?? 502;
};

// The matrix brings its own failures, one at a time: also `WORST_CASE=1` adds none.
describe('a task that keeps failing', () => {
  let harness: ServiceHarness;
  let results: readonly { readonly of: Case; readonly outcome: Outcome }[] = [];

  beforeAll(async () => {
    harness = await ServiceHarness.start(serviceContext, false);
    const done: { of: Case; outcome: Outcome }[] = [];
    const known = new Set<string>();
    for (const [index, of] of chosen.entries()) {
      done.push({ of, outcome: await runCase(harness, of, { accountId: index + 1, known }) });
    }
    results = done;
  }, 120_000);

  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test.each(chosen.map((one) => [title(one), one] as const))('%s: the answer has the status', (_title, one) => {
    const outcome = results.find(({ of }) => of === one)?.outcome;
    expect(outcome?.status).toBe(expectedStatus(one));
    expect(outcome?.retryAfter).toBe(outcome?.status === 429 ? '1' : null);
  });

  test.each(chosen.map((one) => [title(one), one] as const))('%s: the session is whole or gone', (_title, one) => {
    const outcome = results.find(({ of }) => of === one)?.outcome;
    const { route, onExisting } = one.operation;
    if (onExisting && route !== 'destroy') expect(outcome?.session).toBe('whole');
    else expect(['whole', 'none']).toContain(outcome?.session);
  });

  test('docs/lifecycle.md shows what remains', async () => {
    const text = await readFile(page, 'utf8');
    const table = await format(faultTable(results), { parser: 'markdown', printWidth: 120 });
    if (isAll && process.env['UPDATE_DOCS'] === '1')
      await writeFile(
        page,
        text.replace(marked, (_all, begin: string, end: string) => `${begin}\n${table}${end}`),
      );
    const shown = cellsOf(marked.exec(await readFile(page, 'utf8'))?.[0] ?? '');
    const measured = cellsOf(table);
    expect(shown.length).toBe(measured.length);
    expect(shown.map((cell, index) => (measured[index] === '' ? '' : cell))).toEqual(measured);
  });

  test('leaves nothing behind once the cleanup has run', async () => {
    const alive = results.filter(({ outcome }) => outcome.session !== 'none').length;
    harness.runtime.clock.advance(pastGrace);
    await harness.cleanUp();
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
    expect(await harness.records()).toHaveLength(alive);
  });
});

describe('a transient failure that happens once', () => {
  const transient = cases.filter(({ fault, operation }) => fault.name !== 'access denied' && !operation.spoiled);
  const once = choose(transient);
  let harness: ServiceHarness;

  beforeAll(async () => {
    harness = await ServiceHarness.start(serviceContext, false);
  });

  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test('goes unnoticed, whatever the task and the moment', async () => {
    const noticed: string[] = [];
    for (const [index, one] of once.entries()) {
      const path = `${index + 1}/session`;
      if (one.operation.onExisting) await harness.create(index + 1, 'session');
      const { status } = await fail(harness, one, { path, times: 1 });
      const session = await sessionAfter(harness, path);
      const expected = one.operation.route === 'destroy' ? 'none' : 'whole';
      if (status !== 200 || session !== expected) noticed.push(`${title(one)}: ${status}, ${session}`);
    }
    expect(noticed).toEqual([]);
  }, 120_000);
});

/** The cells of a table of Markdown, one after the other; those of a task and fault that did not run are empty. */
const cellsOf = (table: string): string[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| -+ \|/.test(line))
    .flatMap((row) => row.split('|').map((cell) => cell.trim()));
