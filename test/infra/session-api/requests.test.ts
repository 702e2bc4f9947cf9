import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputOf, machineArn, renderRequest } from './render.ts';

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

describe('create-session', () => {
  test('passes on what is in the path', () => {
    expect(inputOf('create-session', { path: { ...path, userId: '7' } })).toEqual({ ...path, userId: '7' });
  });

  test('leaves out what is not given', () => {
    expect(inputOf('create-session', { path })).toEqual(path);
  });

  test('passes on the retention', () => {
    const input = inputOf('create-session', { path, querystring: { MessageRetentionPeriod: '60' } });
    expect(input).toEqual({ ...path, messageRetentionPeriod: '60' });
  });

  test('takes nothing from headers and other parameters', () => {
    const others = { userId: '7', body: '{"userId":7}', messageRetentionPeriod: '60' };
    expect(inputOf('create-session', { path, querystring: others, header: others })).toEqual(path);
  });

  test('names the machine', () => {
    expect(renderRequest('create-session', { path }).stateMachineArn).toBe(machineArn);
  });
});

describe('session', () => {
  test('passes on which session it is', () => {
    expect(inputOf('session', { path, querystring: { MessageRetentionPeriod: '60' } })).toEqual(path);
  });
});

describe('list-sessions', () => {
  test.each([
    [{}, {}],
    [{ path: { accountId: '5' } }, { accountId: '5' }],
    [{ querystring: { limit: '10' } }, { limit: '10' }],
    [{ querystring: { nextToken: 'abc' } }, { nextToken: 'abc' }],
    [{ body: '[]' }, { body: '[]' }],
    [
      { path: { accountId: '5' }, querystring: { limit: '1', nextToken: 'x' }, body: '{"a":1}' },
      { accountId: '5', limit: '1', nextToken: 'x', body: '{"a":1}' },
    ],
  ])('makes of %j the input %j', (request, expected) => {
    expect(inputOf('list-sessions', request)).toEqual(expected);
  });

  test('passes on what is given as empty', () => {
    expect(inputOf('list-sessions', { querystring: { limit: '', nextToken: '' } })).toEqual({
      limit: '',
      nextToken: '',
    });
  });
});

describe('cleanup', () => {
  test('gives the cleanup the time the API has', () => {
    expect(inputOf('cleanup', { querystring: { budgetSeconds: '270' } })).toEqual({ budgetSeconds: 20 });
  });

  test('passes on the body', () => {
    expect(inputOf('cleanup', { body: 'no JSON' })).toEqual({ budgetSeconds: 20, body: 'no JSON' });
  });
});

describe('notify', () => {
  test.each([
    [{ accountId: '5' }],
    [{ accountId: '5', sessionId: 'abc' }],
    [{ accountId: '5', userId: '7' }],
    [{ accountId: '5', sessionId: 'abc', userId: '7' }],
  ])('passes on whom it is for: %j', (target) => {
    expect(inputOf('notify', { path: target })).toEqual({ notify: { ...target, query: [] } });
  });

  test('does not take an empty session for all of them', () => {
    expect(inputOf('notify', { path: { accountId: '5', sessionId: '', userId: '' } })).toEqual({
      notify: { accountId: '5', sessionId: '', userId: '', query: [] },
    });
  });

  test('passes on every parameter of the query', () => {
    const query = { msg: 'Hello World', empty: '', accountId: '6', 'a b': 'c' };
    expect(inputOf('notify', { path: { accountId: '5' }, querystring: query })).toEqual({
      notify: { accountId: '5', query: Object.entries(query) },
    });
  });

  test.each(hostile)('keeps the name and the value of a parameter: %j', (value) => {
    const query = { a: value, [`x${value}`]: 'b' };
    expect(inputOf('notify', { path: { accountId: '5' }, querystring: query })).toEqual({
      notify: { accountId: '5', query: Object.entries(query) },
    });
  });

  test('keeps the text of numbers in the body', () => {
    const body = '{"id": 12345678901234567890, "price": 10.00, "tiny": 1e-400}';
    expect(inputOf('notify', { path: { accountId: '5' }, body })).toEqual({
      notify: { accountId: '5', query: [], body },
    });
  });
});

describe.each(['create-session', 'session', 'list-sessions', 'cleanup', 'notify'] as const)('%s', (name) => {
  const bodyOf = (body: string): unknown => {
    const input = inputOf(name, { path, body }) as { body?: string; notify?: { body?: string } };
    return name === 'notify' ? input.notify?.body : input.body;
  };

  test.each(['', '{}'])('leaves out the empty body %j', (body) => {
    expect(bodyOf(body)).toBeUndefined();
  });

  test.each(['null', '[]', '"text"', '{', ' {}', ...hostile])('keeps the body %j', (body) => {
    expect(bodyOf(body)).toBe(body);
  });
});

describe.each([
  ['create-session', { ...path, userId: '7' }],
  ['session', path],
  ['list-sessions', { accountId: '5' }],
  ['notify', { ...path, userId: '7' }],
] as const)('%s', (name, members) => {
  const inputFor = (values: Readonly<Record<string, string>>): unknown => {
    const input = inputOf(name, { path: values }) as { notify?: object };
    return name === 'notify' ? { ...input.notify, query: undefined } : input;
  };
  const expected = (values: object): object => (name === 'notify' ? { ...values, query: undefined } : values);

  test.each(hostile)('adds nothing to the input and changes nothing in it for %j', (value) => {
    for (const member of Object.keys(members)) {
      const values = { ...members, [member]: value };
      expect(inputFor(values)).toEqual(expected(values));
    }
  });

  test('holds for any text', () => {
    const anything = fc.record(Object.fromEntries(Object.keys(members).map((member) => [member, text])));
    fc.assert(
      fc.property(anything, (values) => {
        expect(inputFor(values)).toEqual(expected(values));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the templates', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'infra', 'session-api', 'templates');
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
    const methods = ['.params', '.path', '.get', '.keySet', '.escapeJavaScript', '.parseJson', '.replaceAll'];
    expect([...calls].filter((one) => !methods.includes(one))).toEqual([]);
  });

  test.each(files.filter((file) => !['answer.vtl', 'allowed-origin.vtl'].includes(file)))(
    '%s escapes every value twice and changes nothing afterwards',
    (file) => {
      const values = textOf(file).match(/\$util\.escapeJavaScript\(\$util\.escapeJavaScript\(.*?(?:\)$|\\")/gm) ?? [];
      expect(values.length).toBeGreaterThan(0);
      for (const value of values) {
        expect(value).toMatch(/\.replaceAll\("\\\\'", "'"\)\)\.replaceAll\("\\\\'", "'"\)(?:\)|\\")$/);
      }
    },
  );
});
