import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { handle } from '../../../functions/set-policy/handler.ts';
import { queueNameOf, queuePolicy } from '../../../functions/sessions/queues.ts';
import type { SessionRecord } from '../../../functions/sessions/session-record.ts';
import {
  addSession,
  fault,
  nextName,
  startSessionHarness,
  type SessionHarness,
  nameOf,
} from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const request = { accountId: 1, sessionId: 'a' };
const setPolicy = async (more = {}, nameSeed?: string) => {
  const [record] = await harness.records();
  const given = { request: { ...request, ...more }, nameSeed: nameSeed ?? record?.nameSeed ?? 'none' };
  return handle(harness.dependencies, harness.environment)(given);
};

/** Puts new names into the record, as a refresh does. */
const refresh = (session: SessionRecord) => harness.put({ ...session, nameSeed: nextName(), nextNameSeed: nextName() });
const namesOf = ({ nameSeed, nextNameSeed }: SessionRecord) => [nameSeed, nextNameSeed].map(nameOf);

test('lets the names of the record in, in use and next, and no others', async () => {
  const session = await refresh(await addSession(harness));
  expect(await setPolicy()).toEqual({});
  const arn = harness.environment.queueArnPrefix + queueNameOf(session.queueUrl);
  expect((await harness.queueAttributes(session.queueUrl))['Policy']).toBe(
    queuePolicy(arn, session, harness.environment),
  );
});

test('changes the retention only when it is asked to', async () => {
  const { queueUrl } = await addSession(harness);
  const retention = async () => (await harness.queueAttributes(queueUrl))['MessageRetentionPeriod'];
  await setPolicy();
  // SQS's default, as the queue was made without it.
  expect(await retention()).toBe('345600');
  await setPolicy({ messageRetentionPeriod: 60 });
  await setPolicy();
  expect(await retention()).toBe('60');
});

test('does the same when done again', async () => {
  const session = await refresh(await addSession(harness));
  await setPolicy();
  await setPolicy();
  expect(await harness.opensTo(session.queueUrl)).toEqual(namesOf(session));
});

test('sets the policy again when the session was refreshed in between, and reports a conflict', async () => {
  const first = await addSession(harness);
  let last = first;
  const somebodyElse = async () => {
    last = await refresh(first);
  };
  harness.on('before SetQueueAttributes', somebodyElse, 2);
  await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await harness.opensTo(first.queueUrl)).toEqual(namesOf(last));
  expect(harness.count('SetQueueAttributes')).toBe(3);
});

test('leaves the last refresh’s policy, whichever finishes last', async () => {
  const first = await addSession(harness);
  harness.on('before SetQueueAttributes', async () => {
    await refresh(first);
    await setPolicy();
  });
  await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
  const [record = first] = await harness.records();
  expect(await harness.opensTo(first.queueUrl)).toEqual(namesOf(record));
});

test('reports a conflict to a refresh that another one has overtaken', async () => {
  const first = await addSession(harness);
  const last = await refresh(first);
  await expect(setPolicy({}, first.nameSeed)).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await harness.opensTo(first.queueUrl)).toEqual(namesOf(last));
});

test('gives up when the session never stays the same', async () => {
  const session = await addSession(harness);
  harness.on('before SetQueueAttributes', () => refresh(session).then(() => undefined), 100);
  await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(harness.count('SetQueueAttributes')).toBeLessThan(10);
});

test('reports a conflict without a session', async () => {
  await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
});

describe('a session whose queue is gone', () => {
  test('loses its record, and a conflict is reported', async () => {
    await addSession(harness);
    await harness.deleteQueues();
    harness.clock.advance(60_000);
    await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await harness.records()).toEqual([]);
  });

  test('stays when another of its id has come in its place', async () => {
    const session = await addSession(harness);
    await harness.deleteQueues();
    harness.clock.advance(60_000);
    const other = { ...session, queueUrl: `${session.queueUrl}0` };
    harness.on('before DeleteItem', () => harness.put(other).then(() => undefined));
    await expect(setPolicy()).rejects.toMatchObject({ name: 'SessionConflict' });
    expect(await harness.records()).toEqual([other]);
  });

  test('is left alone while its queue may be too new to be found', async () => {
    const session = await addSession(harness);
    await harness.deleteQueues();
    harness.clock.advance(59_999);
    await expect(setPolicy()).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    expect(await harness.records()).toEqual([session]);
  });
});

test.each([
  ['RequestThrottled', 400, 'Throttled'],
  ['InternalError', 500, 'UpstreamUnavailable'],
  ['AccessDenied', 403, 'UpstreamFailed'],
])('answers %s as a failure', async (code, status, name) => {
  await addSession(harness);
  harness.on('before SetQueueAttributes', fault(code, status));
  await expect(setPolicy()).rejects.toMatchObject({ name });
});
