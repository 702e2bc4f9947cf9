import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/issue-keys/handler.ts';
import { sessionPolicy } from '../../../functions/sessions/policies.ts';
import { newQueueName, queueNameOf } from '../../../functions/sessions/queue-names.ts';
import { addSession, fault, nextName, startWorld, type World } from '../../fakes/session-world.ts';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const issue = (input: object) => handle(world.dependencies, world.environment)(input);
const newIdentity = () => ({ identityId: world.identities.add(), sessionName: nextName() });

test('issues keys for the queue that is being made', async () => {
  const identity = newIdentity();
  expect(await issue({ session: null, identity })).toEqual({
    accessKey: 'ASIAKEY1',
    secretKey: 'secret 1',
    sessionToken: 'token 1',
    expires: world.clock.now / 1000 + 4 * 3600,
  });
  const queueArn = `arn:aws:sqs:eu-west-1:123456789012:${newQueueName('stack', identity.sessionName)}`;
  expect(world.keyService.calls).toEqual([
    expect.objectContaining({
      RoleArn: world.environment.browserRoleArn,
      RoleSessionName: identity.sessionName,
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
    new Set([session.sessionName]),
  );
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
