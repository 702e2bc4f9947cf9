import { describe, expect, test } from '@jest/globals';
import {
  InvalidRequest,
  MessageTooLarge,
  SessionConflict,
  SessionNotFound,
  Throttled,
  UpstreamFailed,
  UpstreamUnavailable,
} from '../../../functions/aws/errors.ts';

describe('a failure', () => {
  test.each([
    [new InvalidRequest('f', 1, 'x'), 'InvalidRequest'],
    [new SessionNotFound(1, 'a'), 'SessionNotFound'],
    [new SessionConflict(), 'SessionConflict'],
    [new MessageTooLarge(2, 1), 'MessageTooLarge'],
    [new Throttled('m'), 'Throttled'],
    [new UpstreamUnavailable('m'), 'UpstreamUnavailable'],
    [new UpstreamFailed('m'), 'UpstreamFailed'],
  ])('has its name and no stack: %s', (failure, name) => {
    expect([failure.name, failure.stack]).toEqual([name, '']);
    expect(failure).toBeInstanceOf(Error);
  });

  test.each([
    [new InvalidRequest('f', 1, 'x'), { error: 'InvalidRequest', message: 'f is 1, but must be x', field: 'f' }],
    [new MessageTooLarge(2, 1), expect.objectContaining({ error: 'MessageTooLarge', bytes: 2, limit: 1 })],
    [new UpstreamUnavailable('m'), { error: 'UpstreamFailed', message: 'm' }],
  ])('is answered with its members: %s', (failure, answer) => {
    expect(failure.answer).toEqual(answer);
  });

  test('says how large a message is and may be', () => {
    expect(new MessageTooLarge(300, 200).message).toBe('The message has 300 bytes, but at most 200 can be delivered');
  });

  test('says which session is missing', () => {
    expect(new SessionNotFound(12, 'a "b"').message).toBe('Account 12 has no session "a \\"b\\""');
  });
});

describe('the message of a refused request', () => {
  test.each<[unknown, string]>([
    [undefined, 'missing'],
    [null, 'null'],
    [1.5, '1.5'],
    [true, 'true'],
    [[1], 'an array'],
    [{ a: 1 }, 'an object'],
    ['1e3', '"1e3"'],
    ['', '""'],
    ['\ud800', '"\\ud800"'],
  ])('shows %j as %s', (value, shown) => {
    const { message, members } = new InvalidRequest('accountId', value, 'an integer');
    expect([message, members]).toEqual([`accountId is ${shown}, but must be an integer`, { field: 'accountId' }]);
  });

  test('cuts a long text to forty characters', () => {
    expect(new InvalidRequest('f', 'é'.repeat(41), 'x').message).toBe(`f is "${'é'.repeat(40)}"…, but must be x`);
    expect(new InvalidRequest('f', '😀'.repeat(9999), 'x').message).toBe(`f is "${'😀'.repeat(40)}"…, but must be x`);
    expect(new InvalidRequest('f', '😀'.repeat(40), 'x').message).toBe(`f is "${'😀'.repeat(40)}", but must be x`);
  });
});
