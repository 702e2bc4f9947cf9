import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { operators } from '../../access/policy/condition-operators.ts';
import { supportedTypes } from '../../template/index.ts';
import { serveGuarded } from './guarded-server.ts';

const server = await serveGuarded();
const documentation = readFileSync(join(import.meta.dirname, '../../../docs/local.md'), 'utf8');
const words = new Set(documentation.match(/[\w:]+/g));

test.each(['sqs', 's3', 'sts', 'cognito-identity'])('docs/local.md lists every action of %s', (service) => {
  const actions = server.calls.supported
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1));
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !words.has(action))).toEqual([]);
});

test('docs/local.md lists every type of resource', () => {
  expect(supportedTypes.filter((type) => !words.has(type))).toEqual([]);
});

test('docs/local.md names every kind of condition operator', () => {
  const kinds = [...operators.keys()].map((name) => /^(Not)?(String|Numeric|Date|Bool|Binary|Ip|Arn)/.exec(name)?.[2]);
  expect(kinds).not.toContain(undefined);
  expect(documentation).toContain('String, Numeric, Date, Bool, BinaryEquals, IpAddress, Arn and Null');
});
