import { CognitoIdentityClient, GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import { settle } from '../tools/worst-case.ts';
import { identities } from '../tools/identities.ts';
import { allowed, allowedEverybody, allowedSigned, publicCalls, unknown } from './allowed.ts';
import type { Attempt } from './attempts.ts';
import { attemptsOn, clientsWith } from './attempts.ts';
import { expectCounts } from './counts.ts';
import type { Keys } from './principals.ts';
import { gather } from './principals.ts';

const harness = await ServiceHarness.start();
afterAll(() => harness[Symbol.asyncDispose]());
const { runtime } = harness;
const { outputs, url, clock } = runtime;
const { principals, a, b, destroyed } = await gather(harness);
settle(clock);

const settings = {
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  systemClockOffset: clock.now() - Date.now(),
};

const targets = async () => {
  const other = await new SQSClient(settings).send(new CreateQueueCommand({ QueueName: 'brws-prod-0123456789abcdef' }));
  const { ShardIterator: shardIterator = '' } = await new KinesisClient(settings).send(
    new GetShardIteratorCommand({
      StreamName: outputs['EventStreamName'],
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'LATEST',
    }),
  );
  const rejected = outputs['RejectedQueueUrl'] ?? '';
  const undelivered = outputs['UndeliveredQueueUrl'] ?? '';
  const queues = {
    ...{ A: a.sqsUrl, B: b.sqsUrl, destroyed: destroyed.sqsUrl, rejected, undelivered },
    "another stack's": other.QueueUrl ?? '',
  };
  return { runtime, queues, identityId: a.identityId, shardIterator };
};

const attempts = attemptsOn(await targets());

// What is allowed ends here, after its permissions were checked and before it has an effect on the next attempt.
const checked = attempts.filter(({ name }) => !publicCalls.includes(name));
for (const call of new Set(checked.map(({ name }) => name.split(' ')[0] ?? ''))) {
  runtime.faults.add({ call, when: 'before', error: { name: 'Allowed', message: 'It was allowed', status: 418 } });
}

const refusals =
  /^(?:AccessDenied|NotAuthorized|ExpiredToken|UnrecognizedClient|InvalidSignature|MissingAuthenticationToken)(?:Exception)?$|^InvalidClientTokenId$|^InvalidToken$|^SignatureDoesNotMatch$/;

/** @throws unless the attempt was allowed or refused for who made it */
const isAllowed = async (attempt: Attempt, clients: ReturnType<typeof clientsWith>): Promise<boolean> => {
  const error = await attempt.run(clients).then(
    () => new Error(`${attempt.name} got through`),
    (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
  );
  if (publicCalls.includes(attempt.name) && error.message.endsWith('got through')) return true;
  if (error.name === 'Allowed') return true;
  if (refusals.test(error.name)) return false;
  throw error;
};

let cells = 0;
let allowedCells = 0;

const allowedTo = async (keys: Keys): Promise<readonly string[]> => {
  const clients = clientsWith(runtime, keys);
  // The emulator has one address, where a request for S3 without a signature is one for the API.
  const tried = attempts.filter(({ name }) => keys !== undefined || !name.startsWith('s3:'));
  const answers = await Promise.all(tried.map((attempt) => isAllowed(attempt, clients)));
  const open: readonly { destroy(): void }[] = Object.values(clients);
  for (const client of open) client.destroy();
  const names = tried.filter((_, index) => answers[index]).map(({ name }) => name);
  cells += tried.length;
  allowedCells += names.length;
  return names.sort();
};

const expected = (principal: string): readonly string[] =>
  [...(allowed[principal] ?? []), ...allowedEverybody, ...(unknown.has(principal) ? [] : allowedSigned)].sort();

describe('what is allowed, and nothing else, to', () => {
  test.each([...principals])('%s', async (principal, keys) => {
    expect(await allowedTo(keys)).toEqual(expected(principal));
  });

  afterAll(async () => {
    if (identities === 'guests')
      await expectCounts({
        isolationPrincipals: principals.size,
        isolationAttempts: attempts.length,
        isolationCells: cells,
        isolationAllowed: allowedCells,
      });
  });
});

test('the table names nobody who was not tried', () => {
  expect([...Object.keys(allowed), ...unknown].filter((name) => !principals.has(name))).toEqual([]);
});

test('the flow without a session name gives no keys', async () => {
  const client = new CognitoIdentityClient(settings);
  const attempt = client.send(new GetCredentialsForIdentityCommand({ IdentityId: a.identityId }));
  await expect(attempt).rejects.toMatchObject({ name: 'InvalidIdentityPoolConfigurationException' });
});
