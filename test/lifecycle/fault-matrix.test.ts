import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { cases, faultTable, runCase } from './fault-matrix.ts';
import type { Case, Outcome } from './fault-matrix.ts';
import { World } from './world.ts';

/** Longer than the stack's grace period, shorter than keys live, milliseconds. */
const pastGrace = 2 * 3_600_000;

const page = new URL('../../docs/lifecycle.md', import.meta.url);
const marked = /(<!-- fault table: begin[^>]*-->\n)[^]*(\n<!-- fault table: end -->)/;

const title = ({ operation, task, when, fault }: Case): string =>
  `${operation.name}: ${task} fails ${when} its effect (${fault.name})`;

const mayAnswer = ({ operation, task, fault, when }: Case): readonly number[] => {
  // Tidying up and deleting an identity are best effort: what they leave is the cleanup's.
  if (task === 'TidyUp' || (operation.name === 'destroy' && task === 'DeleteIdentity')) return [200];
  if (fault.name === 'throttled') return [429];
  if (fault.name === 'timeout') return [504];
  // A destroy that had its effect and was killed finds nothing when it is tried again.
  return when === 'after' ? [502] : [502];
};

describe('a task that keeps failing', () => {
  let world: World;
  let results: readonly { readonly of: Case; readonly outcome: Outcome }[] = [];

  beforeAll(async () => {
    world = await World.start();
    const done: { of: Case; outcome: Outcome }[] = [];
    for (const [index, of] of cases.entries()) {
      done.push({ of, outcome: await runCase(world, of, { accountId: index + 1 }) });
    }
    results = done;
  }, 120_000);

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test.each(cases.map((one) => [title(one), one] as const))('%s: the caller is told', (_title, one) => {
    const outcome = results.find(({ of }) => of === one)?.outcome;
    expect(mayAnswer(one)).toContain(outcome?.status);
  });

  test.each(cases.map((one) => [title(one), one] as const))('%s: the session is whole or gone', (_title, one) => {
    const outcome = results.find(({ of }) => of === one)?.outcome;
    expect(outcome?.session).not.toBe('broken');
    if (one.operation.name === 'create (refresh)' || one.operation.name === 'renew')
      expect(outcome?.session).toBe('whole');
  });

  test('docs/lifecycle.md shows what remains', async () => {
    const text = await readFile(page, 'utf8');
    const filled = text.replace(
      marked,
      (_all, begin: string, end: string) => `${begin}\n${faultTable(results)}\n${end}`,
    );
    const formatted = await format(filled, { parser: 'markdown', printWidth: 120 });
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, formatted);
    expect(text).toMatch(marked);
    expect(await readFile(page, 'utf8')).toBe(formatted);
  });

  test('leaves nothing behind once the cleanup has run', async () => {
    const alive = results.filter(({ outcome }) => outcome.session === 'whole').length;
    world.runtime.clock.advance(pastGrace);
    await world.cleanUp();
    expect(await world.orphans()).toEqual({ queues: [], identities: [] });
    expect(await world.records()).toHaveLength(alive);
  });
});

describe('a transient failure that happens once', () => {
  const transient = cases.filter(({ fault }) => fault.name !== 'access denied');
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test('goes unnoticed, whatever the task and the moment', async () => {
    const noticed: string[] = [];
    for (const [index, one] of transient.entries()) {
      const { status, session } = await runCase(world, one, { accountId: index + 1, times: 1 });
      const expected = one.operation.route === 'destroy' ? 'none' : 'whole';
      if (status !== 200 || session !== expected) noticed.push(`${title(one)}: ${status}, ${session}`);
    }
    expect(noticed).toEqual([]);
  }, 120_000);
});
