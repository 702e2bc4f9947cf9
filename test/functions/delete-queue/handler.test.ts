import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/delete-queue/handler.ts';
import { fault, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

/** Deletes the queue of a session of some age in seconds. */
const remove = (queueUrl: string, age = 60) =>
  handle(world.dependencies)({ queueUrl, createdAt: Math.floor(world.now() / 1000) - age });

test('deletes the queue and no other', async () => {
  const [queue, other] = [await world.addQueue('one'), await world.addQueue('two')];
  expect(await remove(queue)).toEqual({});
  expect(await world.queueUrls()).toEqual([other]);
});

test('succeeds when the queue is gone already', async () => {
  expect(await remove('https://sqs/123456789012/gone')).toEqual({});
});

test('fails while a queue that SQS does not know may only be too new', async () => {
  await expect(remove('https://sqs/123456789012/new', 59)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('succeeds for a machine that does not say how old the session is', async () => {
  expect(await handle(world.dependencies)({ queueUrl: 'https://sqs/123456789012/gone' })).toEqual({});
});

test('succeeds again when its answer was lost', async () => {
  const url = await world.addQueue('one');
  world.on('after DeleteQueue', fault('InternalError', 500));
  await expect(remove(url)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await remove(url)).toEqual({});
});

test('answers a refusal as a failure that names no queue', async () => {
  world.on('before DeleteQueue', fault('AccessDenied', 403));
  await expect(remove('https://sqs/123456789012/secret')).rejects.toMatchObject({
    name: 'UpstreamFailed',
    message: 'sqs:DeleteQueue was refused: AccessDenied',
  });
});
