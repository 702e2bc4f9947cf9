import { describe, expect, test } from '@jest/globals';
import { readRecord } from '../../../functions/dispatch/record.ts';
import { rejectedMessages } from '../../../functions/dispatch/rejected.ts';
import { InvalidRequest } from '../../../functions/aws/errors.ts';
import { readFailedBatch } from '../../../operations/redrive/failed-batch.ts';
import type { StreamPut } from '../../../operations/redrive/put-back.ts';
import { readRejected } from '../../../operations/redrive/rejected.ts';
import { readUndelivered } from '../../../operations/redrive/undelivered.ts';

const record = (data: string, partitionKey = 'key', sequenceNumber = '7') => ({
  eventID: `shardId-000000000000:${sequenceNumber}`,
  kinesis: {
    sequenceNumber,
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000,
  },
});

/** The message the router reads from what is put back. */
const reread = ({ data, partitionKey }: StreamPut) =>
  readRecord(record(Buffer.from(data).toString(), partitionKey, '99'));

const putsOf = (content: object): StreamPut[] => ('puts' in content ? (content.puts as StreamPut[]) : []);

describe('a deadLettered message', () => {
  const deadLettered = {
    reason: 'OutOfTime',
    parkedAt: 2,
    messageId: 'shard:1',
    sentAt: 1,
    accountId: 1,
    body: '{ "accountId":1 }',
    targets: [
      { accountId: 1, sessionId: 'a', queueUrl: 'https://sqs/1/qa' },
      { accountId: 1, sessionId: 'b', queueUrl: 'https://sqs/1/qb' },
    ],
  };

  test('comes back to each session that did not get it, with id, time and body', () => {
    expect(putsOf(readUndelivered(JSON.stringify(deadLettered))).map(reread)).toEqual(
      ['a', 'b'].map((sessionId) => ({
        messageId: 'shard:1',
        sentAt: 1,
        body: '{ "accountId":1 }',
        accountId: 1,
        sessionId,
      })),
    );
  });

  test('comes back to all it names when no sessions are told', () => {
    const whole = readUndelivered(JSON.stringify({ ...deadLettered, body: '{"accountId":1,"userId":2}', targets: [] }));
    expect(putsOf(whole).map(reread)).toEqual([
      { messageId: 'shard:1', sentAt: 1, body: '{"accountId":1,"userId":2}', accountId: 1, userId: 2 },
    ]);
    expect(whole).toMatchObject({ identities: ['["shard:1",1,null]'] });
  });

  test('is told by message and session, so that it is known when it is deadLettered again', () => {
    const again = { ...deadLettered, reason: 'other', targets: deadLettered.targets.slice(1) };
    expect(readUndelivered(JSON.stringify(deadLettered))).toMatchObject({
      identities: ['["shard:1",1,"a"]', '["shard:1",1,"b"]'],
    });
    expect(readUndelivered(JSON.stringify(again))).toMatchObject({ identities: ['["shard:1",1,"b"]'] });
  });

  test.each([
    ['its body is lost', JSON.stringify({ ...deadLettered, body: undefined })],
    ['it is no deadLettered message', '{}'],
    ['it is no deadLettered message', 'hello'],
  ])('stays when %s', (reason, text) => {
    expect(readUndelivered(text)).toEqual({ reason });
  });
});

describe('a rejected record', () => {
  const reject = (data: string) =>
    rejectedMessages(record(data), new InvalidRequest('record', 'x', 'JSON')).map((each) => JSON.stringify(each));

  test('comes back as it was', () => {
    expect(reject('hello').map(readRejected)).toEqual([
      { puts: [{ data: Buffer.from('hello'), partitionKey: 'key' }], identities: ['7'] },
    ]);
  });

  test('comes in parts when it was divided', () => {
    expect(reject('x'.repeat(700_000)).map(readRejected)).toMatchObject([
      { part: 1, parts: 2, of: '7', partitionKey: 'key' },
      { part: 2, parts: 2, of: '7', partitionKey: 'key' },
    ]);
  });

  test('stays when it is none', () => {
    expect(readRejected('{"reason":"?"}')).toEqual({ reason: 'it is no rejected record' });
  });
});

describe('a failed batch', () => {
  const batch = (Records: object[]) => JSON.stringify({ version: '1.0', payload: JSON.stringify({ Records }) });

  test('comes back with the ids its messages had, for whom they were', () => {
    const text = '{ "accountId":1, "userId":2 }';
    expect(putsOf(readFailedBatch(batch([record(text)]))).map(reread)).toEqual([
      { messageId: 'shardId-000000000000:7', sentAt: 1_700_000_000_000, body: text, accountId: 1, userId: 2 },
    ]);
  });

  test('has bad records come back as they were, to be rejected then', () => {
    expect(readFailedBatch(batch([record('hello')]))).toEqual({
      puts: [{ data: Buffer.from('hello'), partitionKey: 'key' }],
    });
  });

  test('keeps what was put back before as it was', () => {
    const [first] = putsOf(readFailedBatch(batch([record('{"accountId":1}')])));
    if (!first) throw new Error('one record is expected');
    const again = readFailedBatch(batch([record(Buffer.from(first.data).toString(), first.partitionKey, '8')]));
    expect(again).toEqual({ puts: [first] });
  });

  test('is read with its event as an object too', () => {
    const payload = { Records: [record('{"accountId":1}')] };
    expect(putsOf(readFailedBatch(JSON.stringify({ payload })))).toHaveLength(1);
  });

  test.each(['hello', '{}', '{"payload":"hello"}', '{"payload":{}}'])('stays when it is none: %s', (text) => {
    expect(readFailedBatch(text)).toEqual({ reason: 'it is no failed batch' });
  });
});
