import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/record-renewal/handler.ts';
import { describeSession, type SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, newKeys as keys, nextName, startWorld, type World } from '../../tools/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const record = (session: SessionRecord, more = {}) =>
  handle(world.dependencies)({ session, keys: { ...keys, ...more } });

test('changes when the keys expire and nothing else, and answers the keys', async () => {
  const session = await addSession(world, { userId: 7 });
  const renewed = { ...session, expires: keys.expires, ttl: keys.expires + 7 * 24 * 3600 };
  expect(await record(session)).toEqual(describeSession(renewed, keys));
  expect(await world.records()).toEqual([renewed]);
});

test('removes the keys that a record of an older version has', async () => {
  const session = await addSession(world);
  const old = { ...session, accessKey: 'old', secretKey: 'old', sessionToken: 'old' };
  await world.put(old);
  await record(session);
  expect(JSON.stringify(await world.records())).not.toContain('old');
});

test('renews a session whose keys have expired', async () => {
  const session = await addSession(world, { expiresIn: -3600 });
  expect(await record(session)).toMatchObject(keys);
});

test('succeeds again when its answer was lost', async () => {
  const session = await addSession(world);
  world.on('after UpdateItem', fault('InternalServerError', 500));
  await expect(record(session)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await record(session)).toMatchObject(keys);
});

test('lets two renewals at once both succeed', async () => {
  const session = await addSession(world);
  const answers = await Promise.all([record(session, { accessKey: 'A' }), record(session, { accessKey: 'B' })]);
  expect(answers.map(({ accessKey }) => accessKey)).toEqual(['A', 'B']);
});

test.each<[string, Partial<SessionRecord>]>([
  ['refreshed', { version: 2, nameSeed: nextName() }],
  ['destroyed and created again', { nameSeed: nextName(), queueUrl: 'https://sqs/1/stack-another' }],
])('reports a conflict when the session was %s meanwhile', async (_, change) => {
  const session = await addSession(world);
  const other = await world.put({ ...session, ...change });
  await expect(record(session)).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await world.records()).toEqual([other]);
});

test('does not bring a destroyed session back', async () => {
  const session = await addSession(world, { sessionId: 'b' });
  await expect(record({ ...session, sessionId: 'a' })).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await world.records()).toEqual([session]);
});

test('answers throttling as a failure', async () => {
  world.on('before UpdateItem', fault('ThrottlingException'));
  await expect(record(await addSession(world))).rejects.toMatchObject({ name: 'Throttled' });
});
