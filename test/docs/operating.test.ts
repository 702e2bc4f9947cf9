import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { advice } from '../../operations/deployment/alarms.ts';
import { someValues, withPool } from '../infra/contexts.ts';
import { synth } from '../infra/synth.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'operating.md'), 'utf8');

test('every alarm of the stack is explained, in the console and on the command line too', async () => {
  const { template } = await synth(withPool);
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ id }) => id.replace('Monitoring', ''));
  expect([...page.matchAll(/^### (\w+)$/gm)].map(([, title]) => title)).toEqual(alarms);
  expect(Object.keys(advice).sort()).toEqual(alarms.toSorted());
});

test('every code that functions log is explained, with its level', () => {
  const logged = globSync('functions/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\.(info|warn|error)\(\s*'([A-Z_]+)'/g)].map(
      ([, level, code]) => `${code} ${level}`,
    ),
  );
  const explained = [...page.matchAll(/^\| `([A-Z_]+)` +\| (\w+) /gm)].map(([, code, level]) => `${code} ${level}`);
  expect(explained.toSorted()).toEqual([...new Set(logged)].toSorted());
  expect(explained.length).toBeGreaterThan(5);
});

test('every log group that is named belongs to something of the stack', async () => {
  const { template } = await synth(someValues);
  const groups = template.ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties['LogGroupName']);
  const named = [...page.matchAll(/`(\/aws\/[\w/<>-]+)`/g)].map(([, name]) => name?.replace('<stage>', 'dev') ?? '');
  expect(named.length).toBeGreaterThan(2);
  for (const name of named.filter((each) => !each.includes('<'))) expect(groups).toContain(name);
});
