import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { publishTo } from '../acceptance/publish-to.ts';
import { startStack } from '../acceptance/stack.ts';
import { deadLetterSchema } from '../../functions/dispatch/dead-letters.ts';
import { rejectedRecordSchema } from '../../functions/router/rejected-records.ts';
import { randomText } from '../tools/random-text.ts';

/** 1,022 KiB, in bytes. */
const limit = 1_046_528;

const stack = await startStack();
let session: Session;

beforeAll(async () => {
  session = await stack.create(1, 'desk');
});

/** A message of exactly so many bytes. */
const messageOf = (bytes: number, character = 'x'): string => {
  const empty = '{"accountId":1,"text":""}';
  const text = character.repeat((bytes - empty.length) / Buffer.byteLength(character));
  return empty.replace('""', `"${text}"`);
};

describe('a record on the stream', () => {
  test.each([
    ['of exactly 1,022 KiB', messageOf(limit)],
    ['of 1,022 KiB that cannot be compressed', messageOf(25).replace('""', `"${randomText(limit - 25)}"`)],
    ['of 1,022 KiB that JSON within JSON makes twice as long', messageOf(limit, '\\"')],
    ['of 1,022 KiB in characters of two bytes', messageOf(limit, '\u00e9')],
  ])('%s is delivered', async (_size, record) => {
    await stack.put(record);
    expect(await stack.receive(session)).toEqual([record]);
  });

  test('of one byte more is rejected with the limit and its bytes', async () => {
    const record = messageOf(limit + 1);
    await stack.put(record, '{"accountId":1}');
    expect(await stack.receive(session)).toEqual(['{"accountId":1}']);
    const rejected = await stack.drain(stack.runtime.outputs['RejectedQueueUrl'] ?? '');
    const parts = rejected.map(({ Body }) => rejectedRecordSchema.parse(JSON.parse(Body ?? '{}')));
    for (const { reason, message } of parts) expect([reason, message]).toEqual(['MessageTooLarge', expect.any(String)]);
    expect(parts[0]?.message).toContain(String(limit));
    const data = parts.sort((a, b) => a.part - b.part).map((part) => part.data);
    expect(Buffer.from(data.join(''), 'base64').toString()).toBe(record);
  });
});

describe('a notify call', () => {
  test('of 200 KiB that cannot be compressed is delivered', async () => {
    const body = JSON.stringify({ accountId: 1, text: randomText(200 * 1024) });
    expect(await stack.post('/notify/1', body)).toMatchObject({ status: 200, json: { delivered: 1 } });
    expect(await stack.receive(session)).toEqual([body]);
  });

  test('of 200 KiB that cannot be compressed reaches more sessions than one function sends to', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `tab-${n}`);
    const sessions = await Promise.all(ids.map((id) => stack.create(2, id)));
    const body = JSON.stringify({ accountId: 2, text: randomText(200 * 1024) });
    expect(await stack.post('/notify/2', body)).toMatchObject({ status: 200, json: { delivered: 30 } });
    for (const each of sessions) expect(await stack.receive(each)).toEqual([body]);
  });

  test('of more than 256 KiB is refused with the limit', async () => {
    const { status, json } = await stack.post('/notify/1', messageOf(262_144));
    expect(status).toBe(413);
    const message = expect.stringContaining('262144');
    expect(json).toEqual({ error: 'MessageTooLarge', message, limit: 262_144 });
    expect(await stack.receive(session)).toEqual([]);
  });

  test.each([
    ['quotes', messageOf(200 * 1024 - 1, '\\"')],
    ['characters outside ASCII', messageOf(200 * 1024 - 1, '\u00e9')],
  ])('that takes more than 256 KiB when its %s are escaped is refused', async (_what, body) => {
    const { status, json } = await stack.post('/notify/1', body);
    expect(status).toBe(413);
    expect(json).toMatchObject({ error: 'MessageTooLarge' });
    expect(await stack.receive(session)).toEqual([]);
  });

  test.each([
    ['quotes', messageOf(80 * 1024 - 1, '\\"')],
    ['characters outside ASCII', messageOf(80 * 1024 - 1, '\u00e9')],
  ])('of 80 KiB of %s is delivered', async (_what, body) => {
    expect(await stack.post('/notify/1', body)).toMatchObject({ status: 200, json: { delivered: 1 } });
    expect(await stack.receive(session)).toEqual([body]);
  });
});

test('a published event of 1,022 KiB that cannot be compressed is delivered', async () => {
  const message = { accountId: 1, text: randomText(limit - 25) };
  expect(await publishTo(stack).publishUntilSent({ message })).toMatchObject({ notTaken: 0 });
  expect(await stack.receive(session)).toEqual([JSON.stringify(message)]);
});

test('a dead letter of the largest message has its body in the bucket, for longer than it waits itself', async () => {
  const error = { name: 'AccessDenied', message: 'denied' };
  const end = stack.runtime.faults.add({
    function: 'RouteMessages',
    call: 'sqs:SendMessageBatch',
    when: 'before',
    error,
  });
  const body = messageOf(limit, '\\"');
  await stack.put(body);
  end();
  const [deadLetter] = await stack.drain(stack.runtime.outputs['UndeliveredQueueUrl'] ?? '');
  const { bodyKey } = deadLetterSchema.parse(JSON.parse(deadLetter?.Body ?? '{}'));
  const object = { Bucket: stack.runtime.outputs['MessageBucketName'], Key: bodyKey };
  const kept = await stack.runtime.ask('s3', 'GetObject', object);
  const { Body, Expiration } = z.parse(z.object({ Body: z.instanceof(Uint8Array), Expiration: z.string() }), kept);
  expect(Buffer.from(Body).toString()).toBe(body);
  const expires = Date.parse(/expiry-date="(.*?)"/.exec(Expiration)?.[1] ?? '');
  expect(expires).toBeGreaterThan(stack.runtime.clock.now() + 14 * 86_400_000);
});
