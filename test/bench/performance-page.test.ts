import { expect, test } from '@jest/globals';
import { withFigures } from '../../bench/performance-page.ts';

const results = {
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 4, node: 'v24' },
  measured: '2026-11-27T10:00:00Z',
  figures: [],
  counted: [],
  recording: { functions: {}, operations: {} },
};

const emptyPage = ['figures', 'predictions', 'peers']
  .map((part) => `<!-- ${part}: begin; written by npm run bench -->\n<!-- ${part}: end -->\n`)
  .join('\n');

test('a page without a place for the figures is refused', async () => {
  await expect(withFigures('# Nothing', results)).rejects.toThrow('docs/performance.md has no <!-- figures: begin');
});

test('a missed aim says by how much, and why', async () => {
  const figures = [
    { name: 'notify to client, p50', value: 45, unit: 'ms', aim: '< 15' },
    { name: 'create, 8 clients', value: 200, unit: '/s', aim: '> 300' },
    { name: 'notify to client, p99', value: 1, unit: 'ms', aim: '< 15' },
  ];
  const text = await withFigures(emptyPage, { ...results, figures });
  expect(text).toMatch(/notify to client, p50 .*45 ms.*\*\*missed\*\*: 3\.0 times the aim/);
  expect(text).toMatch(/create, 8 clients .*200 \/s.*\*\*missed\*\*: the aim is 1\.5 times as much/);
  expect(text).toMatch(/notify to client, p99 .*1 ms.* met/);
  expect(text).toMatch(/- \*\*create, 8 clients\*\*: A create is one execution/);
});

test('what could not be measured is in the table with its aim and how to get what is missing', async () => {
  const unmeasured = [
    { name: 'browser client', unit: 'ms', aim: '<= 600', reason: 'No Chromium at /here: install it' },
  ];
  const text = await withFigures(emptyPage, { ...results, unmeasured });
  expect(text).toMatch(/\| browser client \| – +\| \\<= 600 ms \| not measured: No Chromium at \/here: install it/);
  expect(text).toContain('Not measured: browser client.');
});
