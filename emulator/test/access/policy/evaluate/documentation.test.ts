import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { operators } from '../../../../access/policy/condition-operators.ts';
import { startEmulator } from '../../../../index.ts';
import { supportedTypes } from '../../../../template/index.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', '..', '..', '..', name), 'utf8');
const readme = read('README.md');

const emulator = await startEmulator({ template: { Resources: {} } });
await emulator.stop();
const supported = Map.groupBy(emulator.actions, (action) => action.split(':')[0] ?? '');

test.each([...supported])('README.md lists the actions of %s, all of them and no other', (service, actions) => {
  const row = readme.split('\n').find((line) => line.startsWith(`| ${service} `)) ?? '';
  const listed = row.split('|')[2]?.match(/\b[A-Z]\w+/g) ?? [];
  expect([...listed].sort()).toEqual(actions.map((action) => action.slice(service.length + 1)));
});

test('README.md lists every type of resource', () => {
  const words = new Set(readme.match(/[\w:]+/g));
  expect(supportedTypes.filter((type) => !words.has(type))).toEqual([]);
});

test('docs/services.md names every kind of condition operator', () => {
  const kinds = [...operators.keys()].map((name) => /^(Not)?(String|Numeric|Date|Bool|Binary|Ip|Arn)/.exec(name)?.[2]);
  expect(kinds).not.toContain(undefined);
  expect(read('docs/services.md')).toContain('String, Numeric, Date, Bool, BinaryEquals, IpAddress, Arn and Null');
});
