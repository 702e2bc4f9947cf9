import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addUp, type SweepResult } from '../../../../functions/cleanup/sweep-result.ts';
import { newQueueName, queuePolicy } from '../../../../functions/sessions/queues.ts';
import { shards } from '../../../../functions/sessions/session-record.ts';
import { handle } from '../../../../functions/sweep-shard/handler.ts';
import {
  addSession,
  environment,
  nextName,
  startSessionHarness,
  subject,
  type SessionHarness,
} from '../../../tools/session-harness.ts';

let harness: SessionHarness;
let history = { restored: false, since: 0, settled: true };

beforeEach(async () => {
  history = { restored: false, since: 0, settled: true };
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

/** 1 s longer ago than the grace period. */
const longAgo = -601;

const sweepAll = async (): Promise<SweepResult> => {
  const sweep = handle(harness.dependencies, harness.environment);
  return addUp(await Promise.all(shards.map((shard) => sweep({ shard, deadline: 9e15, ...history }))));
};

/** A queue just too old that no session has, with a policy that says whose it is. */
const addOrphan = async (name = newQueueName('stack', nextName())): Promise<string> =>
  harness.addQueue(name, { Policy: JSON.stringify(subject(await harness.addIdentity())) }, -longAgo);
const queues = () => harness.queueUrls();

describe('keys in records of older versions', () => {
  test('are removed, and the sessions stay as they are', async () => {
    const session = await addSession(harness);
    const old = { ...session, accessKey: 'old', secretKey: 'old', sessionToken: 'old' };
    await harness.put(old);
    expect(await sweepAll()).toMatchObject({ sessionsRemoved: 0, complete: true });
    expect(await harness.records()).toEqual([session]);
  });

  test('are removed although nothing else is, while a restored table is not settled', async () => {
    history = { restored: true, since: harness.now() / 1000, settled: false };
    const session = await addSession(harness, { expiresIn: longAgo });
    const old = { ...session, secretKey: 'old' };
    await harness.put(old);
    const url = await addOrphan();
    expect(await sweepAll()).toEqual({ sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: false });
    expect(await harness.records()).toEqual([session]);
    expect(await queues()).toEqual([session.queueUrl, url]);
  });
});

describe('a queue without a session in this table', () => {
  const policyOf = (tableName: string) => ({
    Policy: queuePolicy(
      'arn:aws:sqs:eu-west-1:123456789012:stack',
      { identityId: 'eu-west-1:1', nameSeed: 'n' },
      { ...environment, sessionTableName: tableName },
    ),
  });
  /** A queue made just too long ago, whose policy names a table. */
  const add = (attributes: Record<string, string>) =>
    harness.addQueue(newQueueName('stack', nextName()), attributes, -longAgo);

  test('stays while it may be in use from an earlier table, and goes after that', async () => {
    history = { restored: false, since: harness.now() / 1000, settled: false };
    const url = await add(policyOf('Earlier'));
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 0, complete: false });
    expect(await queues()).toEqual([url]);
    history = { ...history, settled: true };
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 1, complete: true });
  });

  test('goes when its session was in this table', async () => {
    history = { restored: false, since: harness.now() / 1000, settled: false };
    await add(policyOf(environment.sessionTableName));
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 1, complete: true });
  });

  test.each([
    [1, 0],
    [0, 1],
  ])('of an older version stays when the table is %d s younger than it', async (younger, queuesRemoved) => {
    history = { restored: false, since: harness.now() / 1000 + longAgo + younger, settled: false };
    await addOrphan();
    expect(await sweepAll()).toMatchObject({ queuesRemoved, complete: queuesRemoved === 1 });
  });

  test('is found under a former prefix', async () => {
    await addOrphan(newQueueName('former', nextName()));
    expect(await sweepAll()).toMatchObject({ queuesRemoved: 1, complete: true });
  });
});
