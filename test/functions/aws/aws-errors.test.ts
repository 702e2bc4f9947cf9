import { describe, expect, test } from '@jest/globals';
import { failedWith, failureOf, present, settle, settleUnless } from '../../../functions/aws/aws-errors.ts';
import { SessionConflict } from '../../../functions/aws/errors.ts';

/** An error as the SDK throws it. */
const sdkError = (name: string, status?: number, more: object = {}): Error => {
  const $metadata = status === undefined ? {} : { httpStatusCode: status };
  return Object.assign(new Error('User: arn:aws:sts::1:assumed-role/x is not authorized'), {
    name,
    $metadata,
    ...more,
  });
};

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
    const { name: failure, message } = failureOf(sdkError(name, 400), 'sqs:CreateQueue');
    expect([failure, message]).toEqual(['Throttled', 'sqs:CreateQueue was throttled']);
  });

  test('with status 429 becomes Throttled', () => {
    expect(failureOf(sdkError('Whatever', 429), 'x').name).toBe('Throttled');
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
    expect(failureOf(sdkError(name, status, more), 'x').name).toBe('UpstreamUnavailable');
  });

  test.each<[string, number | undefined]>([
    ['AccessDenied', 403],
    ['ValidationException', 400],
    ['InvalidIdentityToken', 400],
    ['CredentialsProviderError', undefined],
  ])('%s becomes UpstreamFailed', (name, status) => {
    const { name: failure, message } = failureOf(sdkError(name, status), 'sqs:DeleteQueue');
    expect([failure, message]).toEqual(['UpstreamFailed', `sqs:DeleteQueue was refused: ${name}`]);
  });

  test('gives away neither its message nor a code that is none', () => {
    expect(failureOf(sdkError('arn:aws:sqs:secret', 400), 'x').message).toBe('x was refused: Error');
    expect(failureOf('thrown text', 'x').message).toBe('x was refused: Error');
    expect(failureOf(null, 'x').message).toBe('x was refused: Error');
  });

  test('that is a failure already stays what it is', () => {
    const conflict = new SessionConflict();
    expect(failureOf(conflict, 'x')).toBe(conflict);
  });

  test('is told by its code in either protocol', () => {
    expect(failedWith(sdkError('QueueDoesNotExist'), 'QueueDoesNotExist')).toBe(true);
    const old = sdkError('Error', 400, { Code: 'AWS.SimpleQueueService.NonExistentQueue' });
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
    await expect(settle('x', Promise.reject(sdkError('Throttling', 400)))).rejects.toThrow('x was throttled');
    const answer = settleUnless('x', Promise.reject(sdkError('AccessDenied', 403)), ['Gone'], 2);
    await expect(answer).rejects.toThrow('x was refused: AccessDenied');
  });

  test('answers otherwise for the codes it is told', async () => {
    expect(await settleUnless('x', Promise.reject(sdkError('Gone', 400)), ['Gone'], 2)).toBe(2);
  });

  test('insists on what an answer always has', () => {
    expect(present('x', 0)).toBe(0);
    expect(() => {
      present('x', undefined);
    }).toThrow('x answered without what was asked for');
  });
});
