import { describe, expect, test } from '@jest/globals';
import { readFailedBatch } from '../../../../operations/redrive/failed-batch.ts';
import { readRejected } from '../../../../operations/redrive/rejected.ts';
import { readUndelivered as readWith } from '../../../../operations/redrive/undelivered.ts';

const record = (data: string, partitionKey = 'key', sequenceNumber = '7') => ({
  eventID: `shardId-000000000000:${sequenceNumber}`,
  kinesis: {
    sequenceNumber,
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000,
  },
});

const kept = new Map([['dead-letters/shard:1', '{"accountId":1,"large":true}']]);
const readUndelivered = readWith({ read: (key) => Promise.resolve(kept.get(key)) });

describe('a dead letter', () => {
  const deadLetter = {
    reason: 'OutOfTime',
    deadLetteredAt: 2,
    messageId: 'shard:1',
    sentAt: 1,
    accountId: 1,
    body: '{ "accountId":1 }',
    targets: [
      { accountId: 1, sessionId: 'a', queueUrl: 'https://sqs/1/qa' },
      { accountId: 1, sessionId: 'b', queueUrl: 'https://sqs/1/qb' },
    ],
  };

  test('comes back to each session that did not get it, with id, time and body', async () => {
    const message = { messageId: 'shard:1', sentAt: 1, body: '{ "accountId":1 }', accountId: 1 };
    expect(await readUndelivered(JSON.stringify(deadLetter))).toMatchObject({
      messages: ['a', 'b'].map((sessionId) => ({ ...message, sessionId })),
      records: [],
    });
  });

  test('comes back to all that it names when it has no targets', async () => {
    const whole = { ...deadLetter, body: '{"accountId":1,"userId":2}', targets: [] };
    expect(await readUndelivered(JSON.stringify(whole))).toEqual({
      messages: [{ messageId: 'shard:1', sentAt: 1, body: '{"accountId":1,"userId":2}', accountId: 1, userId: 2 }],
      records: [],
      identities: ['["shard:1",1,null]'],
    });
  });

  test('has the body that is in the bucket of messages', async () => {
    const large = { ...deadLetter, body: undefined, bodyKey: 'dead-letters/shard:1' };
    expect(await readUndelivered(JSON.stringify(large))).toMatchObject({
      messages: ['a', 'b'].map((sessionId) => ({ sessionId, body: '{"accountId":1,"large":true}' })),
    });
  });

  test('is identified by message and session, so that it is recognized when it comes again', async () => {
    const again = { ...deadLetter, reason: 'other', targets: deadLetter.targets.slice(1) };
    expect(await readUndelivered(JSON.stringify(deadLetter))).toMatchObject({
      identities: ['["shard:1",1,"a"]', '["shard:1",1,"b"]'],
    });
    expect(await readUndelivered(JSON.stringify(again))).toMatchObject({ identities: ['["shard:1",1,"b"]'] });
  });

  test.each([
    ['its body is lost', JSON.stringify({ ...deadLetter, body: undefined })],
    ['its body is lost', JSON.stringify({ ...deadLetter, body: undefined, bodyKey: 'messages/shard:1' })],
    ['it is not a dead letter', '{}'],
    ['it is not a dead letter', 'hello'],
  ])('stays when %s', async (reason, text) => {
    expect(await readUndelivered(text)).toEqual({ reason });
  });
});

describe('a rejected record', () => {
  const rejected = (data: string, part = 1, parts = 1): string =>
    JSON.stringify({
      reason: 'InvalidRequest',
      message: 'x',
      recordId: 'shard:7',
      sequenceNumber: '7',
      partitionKey: 'key',
      arrivedAt: 1,
      data: Buffer.from(data).toString('base64'),
      part,
      parts,
    });

  test('comes back as it was', () => {
    expect(readRejected(rejected('hello'))).toEqual({
      messages: [],
      records: [{ data: Buffer.from('hello'), partitionKey: 'key' }],
      identities: ['7'],
    });
  });

  test('comes in parts when it was divided', () => {
    expect(readRejected(rejected('hello', 2, 3))).toEqual({
      part: 2,
      parts: 3,
      of: '7',
      partitionKey: 'key',
      data: Buffer.from('hello'),
    });
  });

  test('stays when it is not one', () => {
    expect(readRejected('{"reason":"?"}')).toEqual({ reason: 'it is not a rejected record' });
  });
});

describe('a failed batch', () => {
  const batch = (Records: object[]) => JSON.stringify({ version: '1.0', payload: JSON.stringify({ Records }) });

  test('comes back with the ids its messages had, for whom they were, and with bad records as they were', () => {
    const body = '{ "accountId":1, "userId":2 }';
    expect(readFailedBatch(batch([record(body), record('hello')]))).toEqual({
      messages: [{ messageId: 'shardId-000000000000:7', sentAt: 1_700_000_000_000, body, accountId: 1, userId: 2 }],
      records: [{ data: Buffer.from('hello'), partitionKey: 'key' }],
    });
  });

  test('is read with its event as an object too', () => {
    const payload = { Records: [record('{"accountId":1}')] };
    expect(readFailedBatch(JSON.stringify({ payload }))).toMatchObject({ messages: [{ accountId: 1 }] });
  });

  test.each(['hello', '{}', '{"payload":"hello"}', '{"payload":{}}'])('stays when it is not one: %s', (text) => {
    expect(readFailedBatch(text)).toEqual({ reason: 'it is not a failed batch' });
  });
});
