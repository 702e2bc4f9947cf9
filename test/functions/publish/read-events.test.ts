import { describe, expect, test } from '@jest/globals';
import { publishLimits } from '../../../client/shared/publish.ts';
import { Failure } from '../../../functions/aws/errors.ts';
import { readEvents } from '../../../functions/publish/read-events.ts';

const read = (events: unknown) => readEvents({ body: JSON.stringify({ events }), query: [] });

/** The failure's answer of an event that is not accepted. */
const refused = (event: unknown): unknown => {
  const [found] = read([event]);
  return found instanceof Failure ? found.answer : found;
};

const message = { accountId: 1 };

describe('an event', () => {
  test('has the text of its message to the byte', () => {
    const text = '{ "accountId":1, "n":12345678901234567890, "s":"\\u0041" }';
    const body = `{"events":[ {"idempotencyKey":"k","message": ${text} } , {"message":{"accountId":2,"userId":3}}]}`;
    expect(readEvents({ body })).toEqual([
      { addressees: { accountId: 1 }, body: text, idempotencyKey: 'k' },
      { addressees: { accountId: 2, userId: 3 }, body: '{"accountId":2,"userId":3}' },
    ]);
  });

  test('has characters that SQS refuses escaped', () => {
    expect(read([{ message: { accountId: 1, a: '\ufffe' } }])).toMatchObject([
      { body: '{"accountId":1,"a":"\\ufffe"}' },
    ]);
  });

  test.each([
    ['no object', 5, 'events[0]', 'events[0] is 5, but must be a JSON object'],
    ['no message', {}, 'events[0].message', 'events[0].message is missing, but must be a JSON object'],
    [
      'a text for a message',
      { message: 'x' },
      'events[0].message',
      'events[0].message is "x", but must be a JSON object',
    ],
    [
      'no account',
      { message: {} },
      'events[0].message.accountId',
      'events[0].message.accountId is missing, but must be an integer',
    ],
    [
      'a wrong session',
      { message: { accountId: 1, sessionId: '' } },
      'events[0].message.sessionId',
      'events[0].message.sessionId is "", but must be a text of 1 to 255 Unicode characters',
    ],
    [
      'a wrong user',
      { message: { accountId: 1, userId: '7' } },
      'events[0].message.userId',
      'events[0].message.userId is "7", but must be an integer',
    ],
    [
      'the account beside the message',
      { accountId: 1, message },
      'events[0].accountId',
      'events[0].accountId is 1, but must be within message',
    ],
    [
      'a key by another name',
      { message, idempotency_key: 'a' },
      'events[0].idempotency_key',
      'events[0].idempotency_key is "a", but must be called idempotencyKey',
    ],
    [
      'another member',
      { message, delay: 5 },
      'events[0].delay',
      'events[0].delay is 5, but must be left out: an event takes message and idempotencyKey',
    ],
    ...['', 5, null, 'x'.repeat(256), '\ud800'].map((key): [string, unknown, string, unknown] => [
      `the key ${JSON.stringify(key).slice(0, 20)}`,
      { message, idempotencyKey: key },
      'events[0].idempotencyKey',
      expect.stringMatching(/, but must be a text of 1 to 255 Unicode characters$/),
    ]),
  ])('with %s is refused with what is right', (_, event, field, text) => {
    expect(refused(event)).toEqual({ error: 'InvalidRequest', message: text, field });
  });

  test('over 1,022 KiB is refused with the limit', () => {
    expect(refused({ message: { accountId: 1, a: 'x'.repeat(1_046_528) } })).toEqual({
      error: 'MessageTooLarge',
      message: 'The message has 1046550 bytes, but at most 1046528 can be delivered',
      bytes: 1_046_550,
      limit: 1_046_528,
    });
  });

  test('that is wrong leaves the others as they are', () => {
    expect(read([{ message }, 5, { message }]).map((event) => event instanceof Failure)).toEqual([false, true, false]);
  });

  test.each(['k', '\u{1f600}'.repeat(255), ' ', '"'])('may have the key %j', (key) => {
    expect(read([{ message, idempotencyKey: key }])).toMatchObject([{ idempotencyKey: key }]);
  });
});

describe('a publish call', () => {
  test.each([
    ['no body', {}, 'events', 'events is missing, but must be an array of 1 to 500 events'],
    ['an empty body', { body: '' }, 'body', 'body is "", but must be a JSON object'],
    ['no JSON', { body: '{' }, 'body', 'body is "{", but must be a JSON object'],
    ['an array', { body: '[]' }, 'body', 'body is an array, but must be a JSON object'],
    ['no array', { body: '{"events":{}}' }, 'events', 'events is an object, but must be an array of 1 to 500 events'],
    [
      'no events',
      { body: '{"events":[]}' },
      'events',
      'events is an array, but must be an array of 1 to 500 events, not of 0',
    ],
    ['messages', { body: '{"messages":[{}]}' }, 'messages', 'messages is an array, but must be called events'],
    ['Events', { body: '{"Events":[{}]}' }, 'Events', 'Events is an array, but must be called events'],
    [
      'something beside them',
      { body: '{"events":[{}],"stage":"x"}' },
      'stage',
      'stage is "x", but must be left out: the body takes events',
    ],
    [
      'a parameter',
      { body: '{"events":[{}]}', query: [['x', '1']] },
      'x',
      'x is "1", but must be left out: the route takes none beside its path',
    ],
  ])('with %s is refused as a whole', (_, input, field, text) => {
    expect(() => readEvents(input)).toThrow(expect.objectContaining({ name: 'InvalidRequest', message: text, field }));
  });

  test('takes 500 events and no more', () => {
    const events = Array.from({ length: publishLimits.events }, () => ({ message }));
    expect(read(events)).toHaveLength(500);
    expect(() => read([...events, { message }])).toThrow(
      'events is an array, but must be an array of 1 to 500 events, not of 501',
    );
  });

  test('whose body is too large is refused with the limit', () => {
    expect(() => readEvents({ isTooLarge: true, query: [] })).toThrow(
      expect.objectContaining({ name: 'MessageTooLarge', limit: 6_000_000 }),
    );
  });

  test('may be signed in the query', () => {
    expect(readEvents({ body: { events: [{ message }] }, query: [['X-Amz-Signature', 'x']] })).toHaveLength(1);
  });
});
