import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { compared } from '../../bench/before.ts';

const folder = mkdtempSync(join(tmpdir(), 'before-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a results file is compared with, by its name and time', () => {
  const file = join(folder, 'results.json');
  const before = { machine: { cpu: 'a processor', cores: 2 }, measured: '2026-11-26T08:47:12Z', figures: [] };
  writeFileSync(file, JSON.stringify({ ...before, counted: [] }));
  expect(compared(file)).toEqual({ title: `${file}, measured 2026-11-26T08:47`, before });
});

test('without a name the last results are compared with', () => {
  expect(compared(undefined).title).toMatch(/^bench\/results\.json, measured /);
});

test('what is neither a file nor a commit is refused by its name', () => {
  expect(() => compared('no-such-commit')).toThrow(
    '--against takes a results file or a commit: "no-such-commit" is neither',
  );
});
