import { afterEach, describe, expect, test } from '@jest/globals';
import { refusal, startStack } from './stack.ts';

const stack = await startStack();
const started: string[] = [];
stack.runtime.calls.on(({ service, action, outcome }) => {
  if (outcome === 'answered') started.push(`${service}:${action}`);
});

/** Nothing is created, made or stored by any of it. */
afterEach(async () => {
  expect(await stack.sessionQueues()).toEqual([]);
  expect(started.filter((call) => /CreateQueue|GetId|PutItem|UpdateItem|AssumeRole|PutRecord/.test(call))).toEqual([]);
});

const notIntegers = ['x', '1.5', '1e3', '0x10', '%20', '-', '9007199254740992', '-9007199254740992', '1%201', 'NaN'];
const longId = 'x'.repeat(256);
const bodies = ['[]', '"text"', '1', 'null', '{', 'x', '[{"accountId":1}]'];
const routes = [
  '/create/1/a',
  '/create/1/a/2',
  '/renew/1/a',
  '/status/1/a',
  '/status',
  '/status/1',
  '/destroy/1/a',
  '/cleanup',
  '/notify/1',
];

describe('400 naming accountId', () => {
  test.each(notIntegers)('for %s', async (accountId) => {
    const forms = [
      `/create/${accountId}/a`,
      `/renew/${accountId}/a`,
      `/status/${accountId}/a`,
      `/destroy/${accountId}/a`,
      `/status/${accountId}`,
      `/notify/${accountId}`,
    ];
    const answers = await Promise.all(forms.map((form) => stack.call(form)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 400, json: refusal('InvalidRequest', 'accountId') });
  });
});

describe('400 naming userId', () => {
  test.each(notIntegers)('for %s', async (userId) => {
    const forms = [`/create/1/a/${userId}`, `/notify/1/user/${userId}`, `/notify/1/session/a/user/${userId}`];
    const answers = await Promise.all(forms.map((form) => stack.call(form)));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 400, json: refusal('InvalidRequest', 'userId') });
  });
});

describe('400 naming sessionId', () => {
  test.each([
    ['no characters', ''],
    ['256 characters', longId],
    ['half a character', '%ED%A0%80'],
  ])('for %s', async (what, sessionId) => {
    const forms = [
      `/create/1/${sessionId}`,
      `/renew/1/${sessionId}`,
      `/status/1/${sessionId}`,
      `/destroy/1/${sessionId}`,
    ];
    const field = what === 'half a character' ? '' : 'sessionId';
    for (const form of forms) {
      expect(await stack.call(form)).toMatchObject({ status: 400, json: refusal('InvalidRequest', field) });
    }
  });

  test('for 256 characters in notify', async () => {
    expect(await stack.call(`/notify/1/session/${longId}`)).toMatchObject({
      status: 400,
      json: refusal('InvalidRequest', 'sessionId'),
    });
  });
});

describe('400 naming the body', () => {
  test.each(bodies)('for %s on every route', async (body) => {
    for (const route of routes) {
      expect(await stack.post(route, body)).toMatchObject({ status: 400, json: refusal('InvalidRequest', 'body') });
    }
  });
});

describe('400 naming what else is wrong:', () => {
  test.each([
    ['MessageRetentionPeriod', '/create/1/a?MessageRetentionPeriod=59'],
    ['MessageRetentionPeriod', '/create/1/a?MessageRetentionPeriod=1209601'],
    ['MessageRetentionPeriod', '/create/1/a?MessageRetentionPeriod=x'],
    ['limit', '/status?limit=0'],
    ['limit', '/status?limit=101'],
    ['limit', '/status?limit=x'],
    ['nextToken', '/status?nextToken=x'],
  ])('%s in %s', async (field, path) => {
    expect(await stack.call(path)).toMatchObject({ status: 400, json: refusal('InvalidRequest', field) });
  });

  test.each(['/status/1/%', '/status/1/%zz', '/create/1/%ff', '/status?limit=%'])(
    'the encoding of %s',
    async (path) => {
      expect(await stack.call(path)).toMatchObject({ status: 400, json: refusal('InvalidRequest') });
    },
  );
});

test('413 naming the limit for a notify call over 256 KiB', async () => {
  expect(await stack.post('/notify/1', { text: 'x'.repeat(256 * 1024) })).toMatchObject({
    status: 413,
    json: refusal('MessageTooLarge'),
  });
});
