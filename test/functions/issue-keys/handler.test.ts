import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/issue-keys/handler.ts';
import { sessionPolicy } from '../../../functions/sessions/identities.ts';
import { newQueueName, queueNameOf } from '../../../functions/sessions/names.ts';
import { addSession, fault, nextName, startWorld, type World, nameOf } from '../../fakes/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const issue = (input: object) => handle(world.dependencies, world.environment)(input);
const newIdentity = () => ({ identityId: world.identities.add(), nameSeed: nextName() });

test('issues keys for the queue that is being made', async () => {
  const identity = newIdentity();
  expect(await issue({ session: null, identity })).toEqual({
    accessKey: 'ASIAKEY1',
    secretKey: 'secret 1',
    sessionToken: 'token 1',
    expires: world.clock.now / 1000 + 4 * 3600,
  });
  const queueArn = `arn:aws:sqs:eu-west-1:123456789012:${newQueueName('stack', identity.nameSeed)}`;
  expect(world.keyService.calls).toEqual([
    expect.objectContaining({
      RoleArn: world.environment.browserRoleArn,
      RoleSessionName: nameOf(identity.nameSeed),
      WebIdentityToken: `token of ${identity.identityId}`,
      Policy: sessionPolicy(queueArn),
      DurationSeconds: '14400',
    }),
  ]);
});

test('issues keys for the queue a session has', async () => {
  const session = await addSession(world);
  await issue({ session, identity: session });
  await issue({ session, identity: newIdentity() });
  const policy = sessionPolicy(`arn:aws:sqs:eu-west-1:123456789012:${queueNameOf(session.queueUrl)}`);
  expect(world.keyService.calls.map((call) => call['Policy'])).toEqual([policy, policy]);
});

test('issues new keys each time, for the same session name', async () => {
  const session = await addSession(world);
  const [one, two] = [await issue({ session, identity: session }), await issue({ session, identity: session })];
  expect(one.accessKey).not.toBe(two.accessKey);
  expect(new Set(world.keyService.calls.map((call) => call['RoleSessionName']))).toEqual(
    new Set([nameOf(session.nameSeed)]),
  );
});

test.each([
  [3600, 3600],
  [60, 900],
  [-60, 900],
  [5 * 3600, 4 * 3600],
])('issues keys for a session that ends in %d seconds for %d, and says when it ends', async (left, duration) => {
  const session = await addSession(world, { expiresIn: left });
  const { expires } = await issue({ session, identity: session, expires: session.expires });
  expect(world.keyService.calls[0]?.['DurationSeconds']).toBe(String(duration));
  expect(expires - world.clock.now / 1000).toBe(Math.min(left, duration));
});

test('asks for no proof of an identity that came with one', async () => {
  await issue({ session: null, identity: { ...newIdentity(), token: 'proof' } });
  expect(world.keyService.calls).toMatchObject([{ WebIdentityToken: 'proof' }]);
  expect(world.server.calls).toEqual([]);
});

test('has a developer provider vouch for the identity, by the name of its queue', async () => {
  const session = await addSession(world);
  const developer = { ...world.environment, developerProvider: 'sqs-browser' };
  await handle(world.dependencies, developer)({ session, identity: session });
  expect(world.server.calls.at(-1)).toEqual({
    action: 'GetOpenIdTokenForDeveloperIdentity',
    parameters: {
      IdentityPoolId: world.environment.identityPoolId,
      IdentityId: session.identityId,
      Logins: { 'sqs-browser': queueNameOf(session.queueUrl) },
    },
  });
});

test('reports a conflict when the identity has been deleted meanwhile', async () => {
  const session = await addSession(world);
  world.identities.identities.clear();
  await expect(issue({ session, identity: session })).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(world.keyService.calls).toEqual([]);
});

test.each([
  ['Throttling', 400, 'Throttled'],
  ['IDPCommunicationError', 400, 'UpstreamUnavailable'],
  ['InternalFailure', 500, 'UpstreamUnavailable'],
  ['AccessDenied', 403, 'UpstreamFailed'],
  ['PackedPolicyTooLarge', 400, 'UpstreamFailed'],
])('answers %s of STS as a failure', async (code, status, name) => {
  world.keyService.failure = { code, status };
  await expect(issue({ session: null, identity: newIdentity() })).rejects.toMatchObject({ name });
});

test('answers throttling of Cognito as a failure', async () => {
  world.on('before GetOpenIdToken', fault('TooManyRequestsException'));
  await expect(issue({ session: null, identity: newIdentity() })).rejects.toMatchObject({ name: 'Throttled' });
});
