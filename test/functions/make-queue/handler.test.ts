import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/make-queue/handler.ts';
import { newQueueName, queuePolicy } from '../../../functions/sessions/queues.ts';
import { fault, nextName, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const make = (identity: object, request: object = {}) =>
  handle(world.dependencies, world.environment)({ request, identity });
const newIdentity = () => ({ identityId: 'eu-west-1:1', nameSeed: nextName(), nextNameSeed: nextName() });

test('makes a queue with its policy and the stack’s retention', async () => {
  const identity = newIdentity();
  const { queueUrl } = await make(identity);
  const name = newQueueName('stack', identity.nameSeed);
  expect(await world.queueUrls()).toEqual([queueUrl]);
  expect(await world.queueAttributes(queueUrl)).toMatchObject({
    Policy: queuePolicy(world.environment.queueArnPrefix + name, identity, world.environment),
    MessageRetentionPeriod: '3600',
  });
  expect(world.calls.map(({ action }) => action)).toEqual(['CreateQueue']);
});

test('makes a queue with the retention of the request', async () => {
  const { queueUrl } = await make(newIdentity(), { accountId: 1, sessionId: 'a', messageRetentionPeriod: 60 });
  expect(await world.queueAttributes(queueUrl)).toMatchObject({ MessageRetentionPeriod: '60' });
});

test('makes no second queue when its answer was lost', async () => {
  const identity = newIdentity();
  world.on('after CreateQueue', fault('ServiceUnavailable', 503));
  await expect(make(identity)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  const { queueUrl } = await make(identity);
  expect(await world.queueUrls()).toEqual([queueUrl]);
});

test('makes one queue when it is run twice at once', async () => {
  const identity = newIdentity();
  const [one, two] = await Promise.all([make(identity), make(identity)]);
  expect(one).toEqual(two);
  expect(await world.queueUrls()).toHaveLength(1);
});

test.each([
  ['RequestThrottled', 400, 'Throttled'],
  ['AccessDenied', 403, 'UpstreamFailed'],
])('answers %s as a failure', async (code, status, name) => {
  world.on('before CreateQueue', fault(code, status));
  await expect(make(newIdentity())).rejects.toMatchObject({ name });
});
