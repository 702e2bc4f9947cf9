import { describe, expect, test } from '@jest/globals';
import {
  AwsError,
  InvalidRequest,
  MessageTooLarge,
  SessionConflict,
  SessionNotFound,
  Throttled,
  UpstreamFailed,
  UpstreamUnavailable,
  failedWith,
  failureOf,
  present,
  settle,
  settleUnless,
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

/** What AWS answered, or an error of Node without a status. */
const awsError = (name: string, status?: number, more: object = {}): Error =>
  status === undefined
    ? Object.assign(new Error('connect to 10.0.0.1'), { name, ...more })
    : new AwsError([name], status);

describe('an error of AWS', () => {
  test.each([
    'ThrottlingException',
    'TooManyRequestsException',
    'ProvisionedThroughputExceededException',
    'RequestThrottled',
    'RequestLimitExceeded',
    'Throttling',
    'OverLimit',
    'AWS.SimpleQueueService.OverLimit',
  ])('%s becomes Throttled', (name) => {
    const { name: failure, message } = failureOf(awsError(name, 400), 'sqs:CreateQueue');
    expect([failure, message]).toEqual(['Throttled', 'sqs:CreateQueue was throttled']);
  });

  test('with status 429 becomes Throttled', () => {
    expect(failureOf(awsError('Whatever', 429), 'x').name).toBe('Throttled');
  });

  test.each<[string, number | undefined, object]>([
    ['InternalServerError', 500, {}],
    ['ServiceUnavailable', 503, {}],
    ['RequestTimeout', 400, {}],
    ['IDPCommunicationError', 400, {}],
    ['TimeoutError', undefined, {}],
    ['Error', undefined, { code: 'ECONNRESET' }],
    ['Error', undefined, { code: 'EAI_AGAIN' }],
    ['Error', undefined, { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }],
  ])('%s with status %s becomes UpstreamUnavailable', (name, status, more) => {
    expect(failureOf(awsError(name, status, more), 'x').name).toBe('UpstreamUnavailable');
  });

  test.each<[string, number | undefined]>([
    ['AccessDenied', 403],
    ['ValidationException', 400],
    ['InvalidIdentityToken', 400],
    ['CredentialsProviderError', undefined],
  ])('%s becomes UpstreamFailed', (name, status) => {
    const { name: failure, message } = failureOf(awsError(name, status), 'sqs:DeleteQueue');
    expect([failure, message]).toEqual(['UpstreamFailed', `sqs:DeleteQueue was refused: ${name}`]);
  });

  test('gives away neither its message nor a code that is none', () => {
    expect(failureOf(awsError('arn:aws:sqs:secret', 400), 'x').message).toBe('x was refused: Error');
    expect(failureOf('thrown text', 'x').message).toBe('x was refused: Error');
    expect(failureOf(null, 'x').message).toBe('x was refused: Error');
  });

  test('that is a failure already stays what it is', () => {
    const conflict = new SessionConflict();
    expect(failureOf(conflict, 'x')).toBe(conflict);
  });

  test('is recognized by its code in either protocol', () => {
    expect(failedWith(awsError('QueueDoesNotExist'), 'QueueDoesNotExist')).toBe(true);
    const old = new AwsError(['Error', 'AWS.SimpleQueueService.NonExistentQueue'], 400);
    expect(failedWith(old, 'A', 'NonExistentQueue')).toBe(true);
    expect(failedWith(old, 'QueueDoesNotExist')).toBe(false);
    expect(failedWith(undefined, 'A')).toBe(false);
  });
});

describe('waiting for a call', () => {
  test('answers what the call answers', async () => {
    expect(await settle('x', Promise.resolve(1))).toBe(1);
    expect(await settleUnless('x', Promise.resolve(1), ['Gone'], 2)).toBe(1);
  });

  test('fails with what the error means', async () => {
    await expect(settle('x', Promise.reject(awsError('Throttling', 400)))).rejects.toThrow('x was throttled');
    const answer = settleUnless('x', Promise.reject(awsError('AccessDenied', 403)), ['Gone'], 2);
    await expect(answer).rejects.toThrow('x was refused: AccessDenied');
  });

  test('returns the other value for the given codes', async () => {
    expect(await settleUnless('x', Promise.reject(awsError('Gone', 400)), ['Gone'], 2)).toBe(2);
  });

  test('insists on what an answer always has', () => {
    expect(present('x', 0)).toBe(0);
    expect(() => {
      present('x', undefined);
    }).toThrow('x answered without what was asked for');
  });
});
