import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRecord, type StreamRecord } from '../../../functions/dispatch/record.ts';
import { redriveRecord } from '../../../functions/dispatch/redrive-envelope.ts';
import { rejectedEntry, rejectedMessages } from '../../../functions/dispatch/rejected.ts';
import { InvalidRequest } from '../../../functions/aws/errors.ts';

const record = (data: Buffer | string, partitionKey = 'key'): StreamRecord => ({
  eventID: 'shardId-000000000000:495',
  kinesis: {
    sequenceNumber: '495',
    partitionKey,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: 1_700_000_000.123,
  },
});

describe('a record', () => {
  test('is a message with its text as body, and id and time from the stream', () => {
    const text = ' {"accountId":1, "big":12345678901234567890,\n"t":"é🙂" }';
    expect(readRecord(record(text))).toEqual({
      accountId: 1,
      messageId: 'shardId-000000000000:495',
      sentAt: 1_700_000_000_123,
      body: text,
    });
  });

  test('keeps every byte of its text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, space) => {
        const text = JSON.stringify({ value, accountId: 1 }, null, space);
        fc.pre(!/[\uFFFE\uFFFF]/.test(text));
        expect(Buffer.from(readRecord(record(text)).body)).toEqual(Buffer.from(text));
      }),
    );
  });

  test.each<[string, Buffer]>([
    ['a byte alone', Buffer.from([0xff])],
    ['half a character', Buffer.from('{"accountId":1,"a":"é"}').subarray(0, -3)],
    ['an overlong character', Buffer.from([0x7b, 0xc0, 0x80])],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('{"accountId":1}')])],
    ['nothing', Buffer.alloc(0)],
  ])('of %s is refused', (_, data) => {
    expect(() => readRecord(record(data))).toThrow(
      expect.objectContaining({ name: 'InvalidRequest', field: 'record' }),
    );
  });

  test('of any bytes is a message or refused by name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(() => readRecord(record(Buffer.from(bytes)))).toThrow(
          expect.objectContaining({ name: 'InvalidRequest' }),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a record put back on the stream', () => {
  const message = { messageId: 'shard:1', sentAt: 5, body: '{"accountId":1,"userId":2}' };
  const back = (redriven: Parameters<typeof redriveRecord>[0]): StreamRecord => {
    const { data, partitionKey } = redriveRecord(redriven, 1);
    return record(data, partitionKey);
  };

  test('is the message it was, for whom it was', () => {
    expect(readRecord(back(message))).toEqual({ ...message, accountId: 1, userId: 2 });
  });

  test('is for one session when only that one did not get it', () => {
    expect(readRecord(back({ ...message, target: { accountId: 1, sessionId: 's' } }))).toEqual({
      ...message,
      accountId: 1,
      sessionId: 's',
    });
  });

  test('keeps the order of an account by its partition key', () => {
    expect(redriveRecord(message, 7).partitionKey).toBe(
      redriveRecord({ ...message, messageId: 'other' }, 7).partitionKey,
    );
  });

  test.each([
    ['no JSON', 'hello'],
    ['another object', '{"accountId":1}'],
    ['a body that is no message', JSON.stringify({ ...message, body: '{}' })],
  ])('is refused when it holds %s', (_, data) => {
    expect(() => readRecord(record(data, redriveRecord(message, 1).partitionKey))).toThrow(InvalidRequest);
  });

  test('is told by its partition key and by nothing in its data', () => {
    const data = JSON.stringify({ ...message, accountId: 9 });
    expect(readRecord(record(data))).toMatchObject({ accountId: 9, body: data, messageId: 'shardId-000000000000:495' });
  });
});

describe('a rejected record', () => {
  const failure = new InvalidRequest('record', 'x', 'a JSON object');

  test('keeps reason, bytes and where it came from', () => {
    expect(rejectedMessages(record('hello'), failure)).toEqual([
      {
        reason: 'InvalidRequest',
        message: 'record is "x", but must be a JSON object',
        recordId: 'shardId-000000000000:495',
        sequenceNumber: '495',
        partitionKey: 'key',
        arrivedAt: 1_700_000_000_123,
        data: Buffer.from('hello').toString('base64'),
        part: 1,
        parts: 1,
      },
    ]);
  });

  test('is divided into numbered parts that fit a message, each readable by itself', () => {
    const data = Buffer.alloc(4_500_000, 'abc');
    const parts = rejectedMessages(record(data), failure);
    expect(parts.map(({ part, parts: of }) => `${part}/${of}`)).toEqual([
      '1/7',
      '2/7',
      '3/7',
      '4/7',
      '5/7',
      '6/7',
      '7/7',
    ]);
    expect(Buffer.concat(parts.map((part) => Buffer.from(part.data, 'base64'))).equals(data)).toBe(true);
    for (const part of parts) expect(Buffer.byteLength(rejectedEntry(part, '0').body)).toBeLessThan(1_000_000);
  });

  test('carries a partition key that SQS would refuse as escapes', () => {
    const [message] = rejectedMessages(record('x', '\uFFFE\uD800'), failure);
    if (!message) throw new Error('one message is expected');
    const { body, messageId, sentAt } = rejectedEntry(message, '0');
    expect(body).not.toContain('\uFFFE');
    expect(JSON.parse(body)).toEqual(message);
    expect([messageId, sentAt]).toEqual(['shardId-000000000000:495', 1_700_000_000_123]);
  });
});
