import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { startStack } from './stack.ts';
import { randomText } from '../tools/random-text.ts';

const indexedSchema = z.object({ index: z.number() });

const stack = await startStack();

/** By name: account 1 with user 7 in two sessions, user 8 in one, nobody in one; account 2 with ids of account 1. */
const sessions: Record<string, Session> = {};

beforeAll(async () => {
  sessions['1 desk 7'] = await stack.create(1, 'desk', 7);
  sessions['1 phone 7'] = await stack.create(1, 'phone', 7);
  sessions['1 eight 8'] = await stack.create(1, 'eight', 8);
  sessions['1 guest'] = await stack.create(1, 'guest');
  sessions['2 desk 7'] = await stack.create(2, 'desk', 7);
});

/** The sessions that have received something, with what. */
const received = async (): Promise<Record<string, readonly string[]>> => {
  const all = await Promise.all(
    Object.entries(sessions).map(async ([name, session]) => [name, await stack.receive(session)] as const),
  );
  return Object.fromEntries(all.filter(([, bodies]) => bodies.length > 0));
};

describe('a record on the stream reaches', () => {
  test.each([
    ['the account', '{"accountId":1}', ['1 desk 7', '1 phone 7', '1 eight 8', '1 guest']],
    ['one session', '{"accountId":1,"sessionId":"desk"}', ['1 desk 7']],
    ['one user', '{"accountId":1,"userId":7}', ['1 desk 7', '1 phone 7']],
    ['one session of a user', '{"accountId":1,"sessionId":"phone","userId":7}', ['1 phone 7']],
    ['nobody when the session is another user\u2019s', '{"accountId":1,"sessionId":"eight","userId":7}', []],
    ['nobody when the session has no user', '{"accountId":1,"sessionId":"guest","userId":7}', []],
    ['nobody when there is no such session', '{"accountId":1,"sessionId":"nobody"}', []],
    ['nobody when there is no such user', '{"accountId":1,"userId":9}', []],
    ['nobody when there is no such account', '{"accountId":3}', []],
    ['the other account', '{"accountId":2}', ['2 desk 7']],
  ])('%s: %s', async (_whom, record, names) => {
    await stack.put(record);
    expect(await received()).toEqual(Object.fromEntries(names.map((name) => [name, [record]])));
  });
});

describe('a record arrives byte for byte', () => {
  test.each([
    ['with blanks and line breaks', '{ "accountId" : 1,\r\n\t"sessionId":"desk" }'],
    [
      'with numbers JavaScript cannot hold',
      '{"accountId":1,"sessionId":"desk","n":[12345678901234567890,1.0,1e400,-0]}',
    ],
    ['with members twice', '{"a":1,"accountId":1,"a":2,"sessionId":"desk"}'],
    ['with __proto__', '{"accountId":1,"sessionId":"desk","__proto__":{"accountId":2}}'],
    ['with escapes', '{"accountId":1,"sessionId":"desk","t":"\\u00e9\\/\\ud83d\\ude00"}'],
    [
      'with every kind of character',
      '{"accountId":1,"sessionId":"desk","t":"\u00e9\u{1f600}\u202e\u4e2d@@$util#end\'"}',
    ],
    ['with 200 KiB', `{"accountId":1,"sessionId":"desk","t":"${'x'.repeat(200 * 1024 - 42)}"}`],
    ['with 1,022 KiB', `{"accountId":1,"sessionId":"desk","t":"${randomText(1022 * 1024 - 42)}"}`],
  ])('%s', async (_what, record) => {
    await stack.put(record);
    expect(await received()).toEqual({ '1 desk 7': [record] });
  });
});

test('records of a batch reach every session in stream order', async () => {
  const records = Array.from({ length: 60 }, (_, index) => {
    const target = [{}, { sessionId: 'desk' }, { userId: 7 }, { userId: 8 }][index % 4];
    return JSON.stringify({ accountId: 1, ...target, index });
  });
  await stack.put(...records);
  const indexes = (bodies: readonly string[] = []) => bodies.map((body) => indexedSchema.parse(JSON.parse(body)).index);
  const got = await received();
  const all = records.map((_, index) => index);
  expect(indexes(got['1 desk 7'])).toEqual(all.filter((index) => index % 4 !== 3));
  expect(indexes(got['1 guest'])).toEqual(all.filter((index) => index % 4 === 0));
  expect(indexes(got['1 eight 8'])).toEqual(all.filter((index) => index % 4 === 0 || index % 4 === 3));
});

test('a message carries its id and the time it was sent', async () => {
  const before = stack.runtime.clock.now();
  await stack.put('{"accountId":1,"sessionId":"guest"}');
  const [message] = await stack.drain(sessions['1 guest']?.sqsUrl ?? '');
  const { messageId, sentAt } = message?.MessageAttributes ?? {};
  expect(messageId?.StringValue).toMatch(/^shardId-\d+:\d+$/);
  expect(Number(sentAt?.StringValue)).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
});

describe('a record that is', () => {
  const good = '{"accountId":1,"sessionId":"desk","good":true}';
  test.each([
    ['not JSON', Buffer.from('{"accountId":1')],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['empty', Buffer.from(' ')],
    ['a list', Buffer.from('[{"accountId":1}]')],
    ['null', Buffer.from('null')],
    ['without an account', Buffer.from('{"sessionId":"desk"}')],
    ['for an account that is text', Buffer.from('{"accountId":"1"}')],
    ['for an account that is no integer', Buffer.from('{"accountId":1.5}')],
    ['for an unsafe account', Buffer.from('{"accountId":9007199254740992}')],
    ['for a session that is no text', Buffer.from('{"accountId":1,"sessionId":5}')],
    ['for a user that is no integer', Buffer.from('{"accountId":1,"userId":"7"}')],
  ])('%s lands in the rejected queue with its reason, and holds up nothing', async (_what, bad) => {
    await stack.put(bad, good);
    expect(await received()).toEqual({ '1 desk 7': [good] });
    const rejected = await stack.drain(stack.runtime.outputs['RejectedQueueUrl'] ?? '');
    expect(rejected).toHaveLength(1);
    expect(JSON.parse(rejected[0]?.Body ?? '{}')).toMatchObject({
      reason: expect.any(String),
      data: bad.toString('base64'),
    });
  });
});
