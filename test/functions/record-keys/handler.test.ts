import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/record-keys/handler.ts';
import { describeSession, type SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, nextName, startWorld, type World } from '../../fakes/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const keys = { accessKey: 'ASIANEW', secretKey: 's', sessionToken: 't', expires: 2_000_000_000 };
const recordKeys = (session: SessionRecord, more = {}) =>
  handle(world.dependencies)({ session, keys: { ...keys, ...more } });

test('replaces the keys and nothing else', async () => {
  const session = await addSession(world, { userId: 7 });
  const renewed = { ...session, ...keys, ttl: 2_000_000_000 + 7 * 24 * 3600 };
  expect(await recordKeys(session)).toEqual(describeSession(renewed));
  expect(await world.records()).toEqual([renewed]);
});

test('renews a session whose keys have expired', async () => {
  const session = await addSession(world, { expiresIn: -3600 });
  expect(await recordKeys(session)).toMatchObject(keys);
});

test('succeeds again when its answer was lost', async () => {
  const session = await addSession(world);
  world.on('after UpdateItem', fault('InternalServerError', 500));
  await expect(recordKeys(session)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await recordKeys(session)).toMatchObject(keys);
});

test('lets two renewals at once both succeed', async () => {
  const session = await addSession(world);
  const answers = await Promise.all([recordKeys(session, { accessKey: 'A' }), recordKeys(session, { accessKey: 'B' })]);
  expect(answers.map(({ accessKey }) => accessKey)).toEqual(['A', 'B']);
});

test.each<[string, Partial<SessionRecord>]>([
  ['refreshed', { version: 2, sessionName: nextName() }],
  ['destroyed and created again', { sessionName: nextName() }],
])('reports a conflict when the session was %s meanwhile', async (_, change) => {
  const session = await addSession(world);
  const other = await world.put({ ...session, ...change });
  await expect(recordKeys(session)).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await world.records()).toEqual([other]);
});

test('does not bring a destroyed session back', async () => {
  const session = await addSession(world, { sessionId: 'b' });
  await expect(recordKeys({ ...session, sessionId: 'a' })).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(await world.records()).toEqual([session]);
});

test('answers throttling as a failure', async () => {
  world.on('before UpdateItem', fault('ThrottlingException'));
  await expect(recordKeys(await addSession(world))).rejects.toMatchObject({ name: 'Throttled' });
});
