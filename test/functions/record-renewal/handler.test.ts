import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/record-renewal/handler.ts';
import { describeSession, type SessionRecord } from '../../../functions/sessions/session-record.ts';
import {
  addSession,
  fault,
  newKeys as keys,
  nextName,
  startSessionHarness,
  type SessionHarness,
} from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const record = (session: SessionRecord, more = {}) =>
  handle(harness.dependencies)({ session, keys: { ...keys, ...more } });

test('changes when the keys expire and nothing else, and answers the keys', async () => {
  const session = await addSession(harness, { userId: 7 });
  const renewed = { ...session, expires: keys.expires, ttl: keys.expires + 7 * 24 * 3600 };
  expect(await record(session)).toEqual(describeSession(renewed, keys));
  expect(await harness.records()).toEqual([renewed]);
});

test('removes the keys that a record of an older version has', async () => {
  const session = await addSession(harness);
  const old = { ...session, accessKey: 'old', secretKey: 'old', sessionToken: 'old' };
  await harness.put(old);
  await record(session);
  expect(JSON.stringify(await harness.records())).not.toContain('old');
});

test('renews a session whose keys have expired', async () => {
  const session = await addSession(harness, { expiresIn: -3600 });
  expect(await record(session)).toMatchObject(keys);
});

test('succeeds again when its answer was lost', async () => {
  const session = await addSession(harness);
  harness.on('after UpdateItem', fault('InternalServerError', 500));
  await expect(record(session)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await record(session)).toMatchObject(keys);
});

test('lets two renewals at once both succeed', async () => {
  const session = await addSession(harness);
  const answers = await Promise.all([record(session, { accessKey: 'A' }), record(session, { accessKey: 'B' })]);
  expect(answers.map(({ accessKey }) => accessKey)).toEqual(['A', 'B']);
});

test.each<[string, Partial<SessionRecord>]>([
  ['refreshed', { version: 2, nameSeed: nextName() }],
  ['destroyed and created again', { nameSeed: nextName(), queueUrl: 'https://sqs/1/stack-another' }],
])('reports a conflict when the session was %s meanwhile', async (_, change) => {
  const session = await addSession(harness);
  const other = await harness.put({ ...session, ...change });
  await expect(record(session)).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await harness.records()).toEqual([other]);
});

test('does not bring a destroyed session back', async () => {
  const session = await addSession(harness, { sessionId: 'b' });
  await expect(record({ ...session, sessionId: 'a' })).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await harness.records()).toEqual([session]);
});

test('answers throttling as a failure', async () => {
  harness.on('before UpdateItem', fault('ThrottlingException'));
  await expect(record(await addSession(harness))).rejects.toMatchObject({ name: 'Throttled' });
});
