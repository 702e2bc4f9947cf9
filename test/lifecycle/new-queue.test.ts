import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsError } from 'aws-template-emulator';
import type { Session } from '../../client/shared/session.ts';
import { ServiceHarness } from './service-harness.ts';
import { serviceContext } from '../tools/identities.ts';

/** Longer than the stack's grace period and than keys live, milliseconds. */
const untilCleanup = 6 * 3_600_000;

/** What the session machines do with a queue that is there already. */
const calls = ['DeleteQueue', 'GetQueueUrl', 'SetQueueAttributes'];

describe('a queue that SQS does not know in its first second', () => {
  let harness: ServiceHarness;
  /** How often SQS does not know the queue that a call is about. */
  let unknown = { times: 0 };

  beforeAll(async () => {
    harness = await ServiceHarness.start(serviceContext, false);
    for (const call of calls) {
      harness.runtime.interceptors.add('before', `sqs:${call}`, () => {
        if (unknown.times === 0) return;
        unknown.times -= 1;
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      });
    }
  });

  beforeEach(() => {
    unknown = { times: 0 };
  });

  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test('is deleted with its session', async () => {
    const session = await harness.create(1, 's');
    unknown.times = 3;
    expect(await harness.call('/destroy/1/s')).toMatchObject({ status: 200, body: { destroyed: true } });
    expect(await harness.keysWork(session)).toBe(false);
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
  });

  test.each(['create', 'renew'])('opens to the keys of a %s, and the session stays the same', async (route) => {
    const account = route === 'create' ? 2 : 3;
    const { sqsUrl } = await harness.create(account, 's');
    unknown.times = 3;
    const { status, body } = await harness.call<Session>(`/${route}/${account}/s`);
    expect({ status, sqsUrl: body.sqsUrl }).toEqual({ status: 200, sqsUrl });
    expect(await harness.keysWork(body)).toBe(true);
  });

  test('is deleted when another create of the session was faster', async () => {
    const removeFault = harness.runtime.faults.add({
      function: 'RecordSession',
      when: 'before',
      times: 1,
      error: { name: 'SessionConflict', message: 'injected' },
    });
    unknown.times = 3;
    expect(await harness.call('/create/4/s')).toMatchObject({ status: 200 });
    removeFault();
    expect(unknown.times).toBe(0);
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
  });

  test('is left to the cleanup by a destroy when SQS goes on not to know it', async () => {
    await harness.create(5, 's');
    unknown.times = Infinity;
    expect(await harness.call('/destroy/5/s')).toMatchObject({ status: 200, body: { destroyed: true } });
    unknown.times = 0;
    expect((await harness.orphans()).queues).toHaveLength(1);
    harness.runtime.clock.advance(untilCleanup);
    await harness.cleanUp();
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
  });

  test('is taken for gone after a minute, and a create makes another one', async () => {
    const { sqsUrl } = await harness.create(6, 's');
    harness.runtime.clock.advance(61_000);
    unknown.times = Infinity;
    expect(await harness.call('/renew/6/s')).toMatchObject({ status: 404, body: { error: 'SessionNotFound' } });
    unknown.times = 0;
    const session = await harness.create(6, 's');
    expect(session.sqsUrl).not.toBe(sqsUrl);
    expect(await harness.keysWork(session)).toBe(true);
    harness.runtime.clock.advance(untilCleanup);
    await harness.cleanUp();
    expect(await harness.orphans()).toEqual({ queues: [], identities: [] });
  });
});
