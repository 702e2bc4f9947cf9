import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { startStack } from '../acceptance/stack.ts';

const rejectedSchema = z.object({ reason: z.string(), message: z.string(), data: z.optional(z.string()) });

/** 200 KiB, in bytes. */
const limit = 204_800;

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
    ['of exactly 200 KiB', messageOf(limit)],
    ['of 200 KiB that JSON within JSON makes twice as long', messageOf(limit - 1, '\\"')],
    ['of 200 KiB in characters of two bytes', messageOf(limit - 1, '\u00e9')],
  ])('%s is delivered', async (_size, record) => {
    await stack.put(record);
    expect(await stack.receive(session)).toEqual([record]);
  });

  test('of one byte more is rejected with the limit and its bytes', async () => {
    const record = messageOf(limit + 1);
    await stack.put(record, '{"accountId":1}');
    expect(await stack.receive(session)).toEqual(['{"accountId":1}']);
    const [rejected] = await stack.drain(stack.runtime.outputs['RejectedQueueUrl'] ?? '');
    const { reason, message, data } = rejectedSchema.parse(JSON.parse(rejected?.Body ?? '{}'));
    expect(reason).toBe('MessageTooLarge');
    expect(message).toContain(String(limit));
    expect(Buffer.from(data ?? '', 'base64').toString()).toBe(record);
  });
});

describe('a notify call', () => {
  test('of exactly 200 KiB is delivered', async () => {
    const body = messageOf(limit);
    expect(await stack.post('/notify/1', body)).toMatchObject({ status: 200, json: { delivered: 1 } });
    expect(await stack.receive(session)).toEqual([body]);
  });

  test('of one byte more is refused with the limit', async () => {
    const { status, json } = await stack.post('/notify/1', messageOf(limit + 1));
    expect(status).toBe(413);
    const message = expect.stringContaining(String(limit));
    expect(json).toEqual({ error: 'MessageTooLarge', message, bytes: limit + 1, limit });
    expect(await stack.receive(session)).toEqual([]);
  });

  test.each([
    ['quotes', messageOf(limit - 1, '\\"')],
    ['characters outside ASCII', messageOf(limit - 1, '\u00e9')],
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
