import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { publishLimits } from '../../../../client/shared/publish.ts';
import { eventOf, inputOf, machineArn, renderRequest } from './render.ts';

const hostile: readonly string[] = [
  '"',
  "'",
  "\\'",
  '\\',
  '\\\\"',
  '@@, @@admin@@: @@true',
  '","userId":"7',
  '\\","userId":"7',
  '\\u0022,\\u0022userId\\u0022:1',
  '$',
  '$sessionId',
  '${sessionId}',
  '$!{body}',
  '$util.escapeJavaScript("x")',
  '$input.body',
  '$context.identity.accountId',
  '#',
  '##comment',
  '#set($userId = 7)',
  '#if(true)x#end',
  '#end',
  '#foreach($x in [1..9])x#end',
  '#*all*#',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u007f',
  '\u2028\u2029',
  '%',
  '%25',
  '%2525',
  '100%',
  '/',
  '</script>',
  ' ',
  '+',
  'Zürich',
  '日本語',
  '😀👩‍👩‍👧',
  '\u202eright to left',
  '\ud83d',
  '\ude00\ud83d',
  '__proto__',
  'STATE_MACHINE_ARN',
  'x'.repeat(20_000),
  '"\\\'%$#'.repeat(500),
];

const path = { accountId: '12345', sessionId: 'abc' };

/** Any text a parameter can be, lone surrogates too, with what means something to a template more often than not. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('"', "'", '\\', '$', '#', '@@', '%', '{', '}', '(', ')', '$util', '#set', '\ud83d', '\n', 'a'),
    )
    .map((parts) => parts.join('')),
);

describe('the input of an execution', () => {
  test.each([{}, { accountId: '5' }, path, { ...path, userId: '7' }])(
    'has the parameters of the path: %j',
    (parameters) => {
      expect(inputOf({ path: parameters })).toEqual({ ...parameters, query: [] });
    },
  );

  test('has an empty parameter of the path, so that no session is not taken for all of them', () => {
    expect(inputOf({ path: { accountId: '5', sessionId: '' } })).toEqual({ accountId: '5', sessionId: '', query: [] });
  });

  test('has every parameter of the query as a pair', () => {
    const query = { msg: 'Hello World', empty: '', accountId: '6', 'a b': 'c', query: 'x' };
    expect(inputOf({ path: { accountId: '5' }, querystring: query })).toEqual({
      accountId: '5',
      query: Object.entries(query),
    });
  });

  test('has nothing from headers', () => {
    expect(inputOf({ path, header: { userId: '7', body: '{}' } })).toEqual({ ...path, query: [] });
  });

  test('is a member where the route says so', () => {
    expect(inputOf({ path }, { member: 'notify' })).toEqual({ notify: { ...path, query: [] } });
  });

  test('goes to the machine', () => {
    expect(renderRequest({ path }).stateMachineArn).toBe(machineArn);
  });
});

describe('the body', () => {
  const bodySchema = z.object({ body: z.optional(z.string()) });
  const bodyOf = (body: string): unknown => bodySchema.parse(inputOf({ path, body })).body;

  test.each(['', '{}'])('%j is left out', (body) => {
    expect(bodyOf(body)).toBeUndefined();
  });

  test.each([
    'null',
    '[]',
    '"text"',
    '{',
    ' {}',
    '{"id": 12345678901234567890, "price": 10.00, "tiny": 1e-400}',
    ...hostile,
  ])('%j arrives as it is', (body) => {
    expect(bodyOf(body)).toBe(body);
  });
});

describe('a hostile value', () => {
  test.each(hostile)('%j arrives as it is, and nothing beside it', (value) => {
    for (const member of ['accountId', 'sessionId', 'userId']) {
      const parameters = { ...path, [member]: value };
      expect(inputOf({ path: parameters })).toEqual({ ...parameters, query: [] });
    }
    const query = { a: value, [`x${value}`]: 'b' };
    expect(inputOf({ path, querystring: query })).toEqual({ ...path, query: Object.entries(query) });
  });

  test('of any text arrives as it is', () => {
    fc.assert(
      fc.property(text, text, text, text, (accountId, sessionId, name, body) => {
        const parameters = { accountId, sessionId };
        fc.pre(body !== '' && body !== '{}');
        expect(inputOf({ path: parameters, querystring: { [name]: accountId }, body }, { member: 'notify' })).toEqual({
          notify: { ...parameters, query: [[name, accountId]], body },
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the templates', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', '..', 'infra', 'session-api', 'templates');
  const files = readdirSync(folder);
  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');

  test.each(files)('%s uses only what API Gateway documents', (file) => {
    const directives = new Set(
      textOf(file)
        .replaceAll(/^##.*$/gm, '')
        .match(/#\w+/g),
    );
    const documented = ['#set', '#if', '#elseif', '#else', '#end', '#foreach'];
    // The pattern in which a type ends with a number sign is not a directive.
    expect([...directives].filter((one) => !documented.includes(one))).toEqual([]);
    const calls = new Set(textOf(file).match(/\.\w+(?=\()/g));
    // replaceAll, get and keySet are in AWS's own examples: .../developerguide/api-gateway-mapping-template-reference.html
    const methods = ['.params', '.path', '.get', '.keySet', '.escapeJavaScript', '.parseJson', '.replaceAll', '.json'];
    expect([...calls].filter((one) => !methods.includes(one))).toEqual([]);
  });

  test.each([
    [
      'execution-request.vtl',
      4,
      /^\$util\.escapeJavaScript\(\$util\.escapeJavaScript\(.*\.replaceAll\("\\\\'", "'"\)\)\.replaceAll\("\\\\'", "'"\)$/,
    ],
    [
      'function-request.vtl',
      2,
      /^\$util\.escapeJavaScript\([^()]*(?:\([^()]*\))?(?:\.\w+\([^()]*\))?\)\.replaceAll\("\\\\'", "'"\)$/,
    ],
  ])('%s escapes %i values and changes nothing afterwards', (file, count, pattern) => {
    const values = textOf(file).match(/\$util\.escapeJavaScript\(.*?\.replaceAll\("\\\\'", "'"\)(?!\))/g) ?? [];
    expect(values).toHaveLength(count);
    for (const value of values) expect(value).toMatch(pattern);
  });
});

describe('the event of a function', () => {
  test.each(hostile)('has the body %j as it was', (value) => {
    expect(eventOf({ body: value })).toEqual({ query: [], body: value });
  });

  test.each(hostile)('has the parameter %j as it was', (value) => {
    expect(eventOf({ querystring: { [value]: value } })).toEqual({ query: [[value, value]], body: '' });
  });

  test('has no body that is too large as text within JSON', () => {
    const body = '"'.repeat(publishLimits.bodyBytes / 2);
    expect(eventOf({ body })).toEqual({ query: [], body });
    expect(eventOf({ body: `${body}x` })).toEqual({ query: [], isTooLarge: true });
  });
});
