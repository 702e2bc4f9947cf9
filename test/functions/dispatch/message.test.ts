import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { maxMessageBytes } from '../../../client/shared/parameters.ts';
import { readAddressees, sqsJson, readRecord, type StreamRecord } from '../../../functions/dispatch/message.ts';
import { InvalidRequest, MessageTooLarge } from '../../../functions/aws/errors.ts';

const longest = '🙂'.repeat(255);

describe('addressees of a message', () => {
  test.each<[string, string, object]>([
    ['the account', '{"accountId":1}', { accountId: 1 }],
    ['a negative account', '{"accountId":-7}', { accountId: -7 }],
    ['an integer written with point or exponent', '{"accountId":1.0,"userId":2e3}', { accountId: 1, userId: 2000 }],
    [
      'the largest integers',
      '{"accountId":9007199254740991,"userId":-9007199254740991}',
      { accountId: Number.MAX_SAFE_INTEGER, userId: Number.MIN_SAFE_INTEGER },
    ],
    ['a session', '{"accountId":1,"sessionId":"a/b @@\\u0000"}', { accountId: 1, sessionId: 'a/b @@\u0000' }],
    [
      'the longest session id',
      JSON.stringify({ accountId: 1, sessionId: longest }),
      { accountId: 1, sessionId: longest },
    ],
    ['a session of a user', '{"userId":0,"accountId":1,"sessionId":"s"}', { accountId: 1, userId: 0, sessionId: 's' }],
    ['the last of repeated names', '{"accountId":1,"accountId":2}', { accountId: 2 }],
    ['names written with escapes', String.raw`{"account\u0049d":3}`, { accountId: 3 }],
    ['zero for minus zero', '{"accountId":-0}', { accountId: 0 }],
  ])('are %s', (_, text, addressees) => {
    expect(readAddressees('record', text)).toStrictEqual(addressees);
  });

  test.each<[string, string, string]>([
    ['no JSON', 'hello', 'record'],
    ['cut off JSON', '{"accountId":1', 'record'],
    ['nothing', '', 'record'],
    ['a list', '[1]', 'record'],
    ['null', 'null', 'record'],
    ['a text', '"accountId"', 'record'],
    ['a byte order mark', '\uFEFF{"accountId":1}', 'record'],
    ['no account', '{"sessionId":"s"}', 'accountId'],
    ['an account by its prototype', '{"__proto__":{"accountId":1}}', 'accountId'],
    ['an account as text', '{"accountId":"1"}', 'accountId'],
    ['a fractional account', '{"accountId":1.5}', 'accountId'],
    ['an account beyond the safe integers', '{"accountId":9007199254740993}', 'accountId'],
    ['an infinite account', '{"accountId":1e400}', 'accountId'],
    ['a null account', '{"accountId":null}', 'accountId'],
    ['an empty session id', '{"accountId":1,"sessionId":""}', 'sessionId'],
    ['a numeric session id', '{"accountId":1,"sessionId":5}', 'sessionId'],
    ['a null session id', '{"accountId":1,"sessionId":null}', 'sessionId'],
    ['a session id too long', JSON.stringify({ accountId: 1, sessionId: `${longest}x` }), 'sessionId'],
    ['half a surrogate in a session id', String.raw`{"accountId":1,"sessionId":"\ud800"}`, 'sessionId'],
    ['a user as text', '{"accountId":1,"userId":"7"}', 'userId'],
    ['a null user', '{"accountId":1,"userId":null}', 'userId'],
    ['U+FFFE', '{"accountId":1,"a":"\uFFFE"}', 'record'],
    ['U+FFFF', '{"accountId":1,"a":"\uFFFF"}', 'record'],
    ['half a surrogate', '{"accountId":1,"a":"\uD800"}', 'record'],
  ])('are refused for %s', (_, text, field) => {
    expect(() => readAddressees('record', text)).toThrow(expect.objectContaining({ name: 'InvalidRequest', field }));
  });

  test('may come with every character SQS takes', () => {
    const body = JSON.stringify({
      accountId: 1,
      a: '\u007f\u0080\u2028\uD7FF\uE000\uFFFD\u{10000}\u{1FFFE}\u{10FFFF}',
    });
    expect(readAddressees('record', `\t\r\n${body}`)).toEqual({ accountId: 1 });
  });

  test('are read from the largest message and not from a larger one', () => {
    const filled = (bytes: number): string => `{"accountId":1,"a":"${'x'.repeat(bytes - 22)}"}`;
    expect(readAddressees('record', filled(maxMessageBytes))).toEqual({ accountId: 1 });
    expect(() => readAddressees('record', filled(maxMessageBytes + 1))).toThrow(
      new MessageTooLarge(1_046_529, 1_046_528),
    );
  });

  test('count the size in bytes and not in characters', () => {
    expect(() => readAddressees('record', `{"accountId":1,"a":"${'é'.repeat(maxMessageBytes / 2)}"}`)).toThrow(
      MessageTooLarge,
    );
  });

  test('are read however deep the message is nested', () => {
    const deep = '['.repeat(90_000) + ']'.repeat(90_000);
    expect(readAddressees('record', `{"accountId":1,"a":${deep}}`)).toEqual({ accountId: 1 });
  });

  test('name the value that is wrong, cut short', () => {
    expect(() => readAddressees('record', `{"accountId":"${'9'.repeat(100)}"}`)).toThrow(
      new InvalidRequest('accountId', '9'.repeat(100), 'an integer'),
    );
  });
});

test('JSON for SQS escapes what SQS refuses', () => {
  const value = { '\uFFFE': '\uFFFF\uD800\u0000', ok: 'é🙂' };
  const text = sqsJson(value);
  expect(text).not.toMatch(/[\uFFFE\uFFFF]/);
  expect(text.isWellFormed()).toBe(true);
  expect(JSON.parse(text)).toEqual(value);
});

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
