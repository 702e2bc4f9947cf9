import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/delete-queue/handler.ts';
import { fault, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

/** Deletes the queue of a session of some age in seconds. */
const remove = (queueUrl: string, age = 60) =>
  handle(harness.dependencies)({ queueUrl, createdAt: Math.floor(harness.now() / 1000) - age });

test('deletes the queue and no other', async () => {
  const [queue, other] = [await harness.addQueue('one'), await harness.addQueue('two')];
  expect(await remove(queue)).toEqual({});
  expect(await harness.queueUrls()).toEqual([other]);
});

test('succeeds when the queue is gone already', async () => {
  expect(await remove('https://sqs/123456789012/gone')).toEqual({});
});

test('fails while a queue that SQS does not know may only be too new', async () => {
  await expect(remove('https://sqs/123456789012/new', 59)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('succeeds for a machine that does not say how old the session is', async () => {
  expect(await handle(harness.dependencies)({ queueUrl: 'https://sqs/123456789012/gone' })).toEqual({});
});

test('succeeds again when its answer was lost', async () => {
  const url = await harness.addQueue('one');
  harness.on('after DeleteQueue', fault('InternalError', 500));
  await expect(remove(url)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await remove(url)).toEqual({});
});

test('answers a refusal as a failure that names no queue', async () => {
  harness.on('before DeleteQueue', fault('AccessDenied', 403));
  await expect(remove('https://sqs/123456789012/secret')).rejects.toMatchObject({
    name: 'UpstreamFailed',
    message: 'sqs:DeleteQueue was refused: AccessDenied',
  });
});
