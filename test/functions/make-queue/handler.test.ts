import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/make-queue/handler.ts';
import { newQueueName, queuePolicy } from '../../../functions/sessions/queues.ts';
import { fault, nextName, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const make = (identity: object, request: object = {}) =>
  handle(harness.dependencies, harness.environment)({ request, identity });
const newIdentity = () => ({ identityId: 'eu-west-1:1', nameSeed: nextName(), nextNameSeed: nextName() });

test('makes a queue with its policy and the stack’s retention', async () => {
  const identity = newIdentity();
  const { queueUrl } = await make(identity);
  const name = newQueueName('stack', identity.nameSeed);
  expect(await harness.queueUrls()).toEqual([queueUrl]);
  expect(await harness.queueAttributes(queueUrl)).toMatchObject({
    Policy: queuePolicy(harness.environment.queueArnPrefix + name, identity, harness.environment),
    MessageRetentionPeriod: '3600',
  });
  expect(harness.calls.map(({ action }) => action)).toEqual(['CreateQueue']);
});

test('makes a queue with the retention of the request', async () => {
  const { queueUrl } = await make(newIdentity(), { accountId: 1, sessionId: 'a', messageRetentionPeriod: 60 });
  expect(await harness.queueAttributes(queueUrl)).toMatchObject({ MessageRetentionPeriod: '60' });
});

test('makes no second queue when its answer was lost', async () => {
  const identity = newIdentity();
  harness.on('after CreateQueue', fault('ServiceUnavailable', 503));
  await expect(make(identity)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  const { queueUrl } = await make(identity);
  expect(await harness.queueUrls()).toEqual([queueUrl]);
});

test('makes one queue when it is run twice at once', async () => {
  const identity = newIdentity();
  const [one, two] = await Promise.all([make(identity), make(identity)]);
  expect(one).toEqual(two);
  expect(await harness.queueUrls()).toHaveLength(1);
});

test.each([
  ['RequestThrottled', 400, 'Throttled'],
  ['AccessDenied', 403, 'UpstreamFailed'],
])('answers %s as a failure', async (code, status, name) => {
  harness.on('before CreateQueue', fault(code, status));
  await expect(make(newIdentity())).rejects.toMatchObject({ name });
});
