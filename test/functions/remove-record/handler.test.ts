import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/remove-record/handler.ts';
import type { SessionRecord } from '../../../functions/sessions/session-record.ts';
import { addSession, fault, nextName, startSessionHarness, type SessionHarness } from '../../tools/session-harness.ts';

let harness: SessionHarness;

beforeEach(async () => {
  harness = await startSessionHarness();
});

afterEach(() => harness.stop());

const remove = (session: SessionRecord) => handle(harness.dependencies)({ session });
const left = ({ queueUrl, identityId, createdAt }: SessionRecord) => ({ queueUrl, identityId, createdAt });

test('removes the record and answers what is left to delete', async () => {
  const session = await addSession(harness);
  expect(await remove(session)).toEqual(left(session));
  expect(await harness.records()).toEqual([]);
});

test('removes a session that was refreshed meanwhile, and answers its new identity', async () => {
  const session = await addSession(harness);
  const refreshed = await harness.put({ ...session, version: 2, nameSeed: nextName(), identityId: 'eu-west-1:2' });
  expect(await remove(session)).toEqual(left(refreshed));
  expect(await harness.records()).toEqual([]);
});

test('answers what was found when it is done again', async () => {
  const session = await addSession(harness);
  harness.on('after DeleteItem', fault('InternalServerError', 500));
  await expect(remove(session)).rejects.toMatchObject({ name: 'UpstreamUnavailable' });
  expect(await remove(session)).toEqual(left(session));
});

test('leaves a session alone that was created since', async () => {
  const session = await addSession(harness);
  await remove(session);
  const later = await addSession(harness);
  expect(await remove(session)).toEqual(left(session));
  expect(await harness.records()).toEqual([later]);
});

test('answers twice when it is run twice at once', async () => {
  const session = await addSession(harness);
  expect(await Promise.all([remove(session), remove(session)])).toEqual([left(session), left(session)]);
});
