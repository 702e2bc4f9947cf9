import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator } from 'aws-template-emulator';
import { openDynamoDb } from '../../../functions/aws/clients.ts';
import { createIdempotencyStore, type Claim } from '../../../functions/publish/idempotency-store.ts';

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Idempotency',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const emulator = await startEmulator({ template: { Resources: { Idempotency: table } } });
const timeouts = { connectionTimeout: 60_000, requestTimeout: 60_000 };
const client = openDynamoDb({ ...emulator.clientConfig, maxAttempts: 1, timeouts });
const start = 1_700_000_000_000;
const clock = { now: start };
const store = createIdempotencyStore(client, 'Idempotency', () => clock.now);

let keys = 0;
let key = '';
beforeEach(() => {
  clock.now = start;
  key = `it's "${(keys += 1)}" \u{1f600}`;
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

const claimOf = (call: string): Claim => ({
  ...{ call, position: 3, messageId: `${call}-3`, fingerprint: 'f', callEnds: start + 35_000 },
});

describe('a key', () => {
  test('belongs to the first that claims it', async () => {
    expect(await store.claim(key, claimOf('a'))).toEqual(claimOf('a'));
    expect(await store.claim(key, claimOf('b'))).toEqual(claimOf('a'));
  });

  test('that many claim at once belongs to one of them', async () => {
    const calls = Array.from({ length: 20 }, (_, index) => `call ${index}`);
    const held = await Promise.all(calls.map((call) => store.claim(key, claimOf(call))));
    expect(new Set(held.map(({ call }) => call)).size).toBe(1);
  });

  test('is free again after five minutes', async () => {
    await store.claim(key, claimOf('a'));
    clock.now += 299_999;
    expect(await store.claim(key, claimOf('b'))).toEqual(claimOf('a'));
    clock.now += 1;
    expect(await store.claim(key, claimOf('b'))).toEqual(claimOf('b'));
  });

  test('can be taken over from the call that has it, by one', async () => {
    await store.claim(key, claimOf('a'));
    const taken = await Promise.all(['b', 'c'].map((call) => store.claim(key, claimOf(call), claimOf('a'))));
    expect(new Set(taken.map(({ call }) => call)).size).toBe(1);
    expect(['b', 'c']).toContain(taken[0]?.call);
  });

  test('leaves the table a minute after it is free', async () => {
    await store.claim(key, claimOf('a'));
    const item = { TableName: 'Idempotency', Key: { id: { S: `key ${key}` } } };
    expect(await emulator.ask('dynamodb', 'GetItem', item)).toMatchObject({ Item: { ttl: { N: '1700000360' } } });
  });

  test('is not mixed up with a call', async () => {
    await store.putOutcome('x', { queued: new Set(), failed: new Set() });
    expect(await store.claim('x', claimOf('a'))).toEqual(claimOf('a'));
  });
});

test('the outcome of a call is what was recorded, and undefined before', async () => {
  expect(await store.outcomeOf('a')).toBeUndefined();
  const outcome = { queued: new Set([1, 2, 3]), failed: new Set([7]) };
  await store.putOutcome('a', outcome);
  expect(await store.outcomeOf('a')).toEqual(outcome);
});

test.each([
  ['ProvisionedThroughputExceededException', 400, 'Throttled'],
  ['InternalServerError', 500, 'UpstreamUnavailable'],
  ['AccessDeniedException', 400, 'UpstreamFailed'],
])('%s is a failure by its name', async (code, status, name) => {
  const remove = emulator.interceptors.add('before', '*', () => {
    throw new AwsError(code, 'arn:aws:secret', status);
  });
  await expect(store.claim(key, claimOf('a'))).rejects.toMatchObject({ name });
  await expect(store.outcomeOf('a')).rejects.toMatchObject({ name });
  remove();
});
