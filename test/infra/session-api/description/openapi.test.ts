import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { errors } from '../../../../client/shared/errors.ts';
import { answers, errorExample, errorSchema } from '../../../../infra/session-api/description/answers.ts';
import { describeApi } from '../../../../infra/session-api/description/openapi.ts';
import { publishExample, publishSchema } from '../../../../infra/session-api/description/events.ts';
import { errorNames } from '../../../../infra/session-api/description/names.ts';
import { methodsOf, routes } from '../../../../infra/session-api/routes.ts';

const document = describeApi({ version: '1.2.3' });
const operations = Object.values(document.paths).flatMap(({ get, post }) => (get ? [get, post] : [post]));

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;

/** The values of all members called `$ref`, wherever they are. */
const refsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === '$ref' ? [String(member)] : refsIn(member)));
};

test('describes the methods of every route', () => {
  expect(Object.keys(document.paths)).toEqual(routes.map(({ path }) => path));
  expect(operations).toHaveLength(routes.flatMap(methodsOf).length);
});

test('has a name of its own for every operation', () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

test('refers only to what is there', () => {
  const refs = new Set(refsIn(document));
  expect(refs.size).toBeGreaterThan(10);
  for (const ref of refs) {
    const value = ref.slice(2).split('/').reduce<unknown>(memberOf, document); // prettier-ignore
    expect([ref, typeof value]).toEqual([ref, 'object']);
  }
});

test('has every status of every error at every operation', () => {
  const statuses = [200, ...Object.values(errors).map(({ status }) => status)].map(String);
  for (const { responses } of operations) expect(new Set(Object.keys(responses))).toEqual(new Set(statuses));
});

describe('an example fits its schema', () => {
  test.each(Object.entries(answers))('%s', (_name, { schema, example }) => {
    expect(z.fromJSONSchema(schema).parse(example)).toEqual(example);
  });

  test.each(errorNames)('%s', (name) => {
    const example = errorExample(name);
    expect(z.fromJSONSchema(errorSchema([name])).parse(example)).toEqual(example);
  });
});

test('has an example of a publish call that fits its schema', () => {
  expect(z.fromJSONSchema(publishSchema).parse(publishExample)).toEqual(publishExample);
});

test('names the local service as the server when it is served there', () => {
  const { servers } = describeApi({ version: '1.2.3', url: 'http://127.0.0.1:4000' });
  expect(servers).toEqual([{ url: 'http://127.0.0.1:4000' }]);
});
