import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRecord, type StreamRecord } from '../../../functions/dispatch/record.ts';

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

  test('chooses neither its id nor its time nor its recipients, whatever its partition key and its members', () => {
    const text = '{"accountId":1,"messageId":"m","sentAt":5,"body":"{}","target":{"accountId":2,"sessionId":"s"}}';
    for (const partitionKey of ['key', 'sqs-browser-redrive/1']) {
      expect(readRecord(record(text, partitionKey))).toEqual({
        accountId: 1,
        messageId: 'shardId-000000000000:495',
        sentAt: 1_700_000_000_123,
        body: text,
      });
    }
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
