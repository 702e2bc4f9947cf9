import { expect, test } from '@jest/globals';
import { readParameters } from '../../../functions/aws/parameters.ts';

const read = (request: Readonly<Record<string, unknown>>) => readParameters(request, 'limit', 'nextToken');

test('takes parameters of the query, else of the body', () => {
  expect(read({ query: [['limit', '5']], body: '{"limit":6,"nextToken":"a"}' })).toEqual({
    limit: '5',
    nextToken: 'a',
  });
  expect(read({})).toEqual({});
});

test('leaves a signature in the query alone', () => {
  expect(
    read({
      query: [
        ['X-Amz-Signature', 'ab'],
        ['x-amz-date', '20261127T000000Z'],
      ],
    }),
  ).toEqual({});
});

test.each(['Limit', 'limits', 'LIMIT', 'next_token', 'next-token', 'nextToken2'])(
  'refuses %s with the right name',
  (name) => {
    const right = /limit/i.test(name) ? 'limit' : 'nextToken';
    const refusal = { name: 'InvalidRequest', field: name, message: `${name} is "5", but must be called ${right}` };
    expect(() => read({ query: [[name, '5']] })).toThrow(expect.objectContaining(refusal));
    expect(() => read({ body: JSON.stringify({ [name]: '5' }) })).toThrow(expect.objectContaining(refusal));
  },
);

test('refuses what is not like any with those that there are', () => {
  expect(() => read({ query: [['page', '5']] })).toThrow(
    'page is "5", but must be left out: the route takes limit and nextToken',
  );
  expect(() => readParameters({ query: [['limit', '5']] })).toThrow(
    'limit is "5", but must be left out: the route takes none beside its path',
  );
});
