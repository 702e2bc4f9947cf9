import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/delete-queue/handler.ts';
import { fault, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const remove = (queueUrl: string) => handle(world.dependencies)({ queueUrl });

test('deletes the queue and no other', async () => {
  const [queue, other] = [await world.addQueue('one'), await world.addQueue('two')];
  expect(await remove(queue)).toEqual({});
  expect(await world.queueUrls()).toEqual([other]);
});

test('succeeds when the queue is gone already', async () => {
  expect(await remove('https://sqs/123456789012/gone')).toEqual({});
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
