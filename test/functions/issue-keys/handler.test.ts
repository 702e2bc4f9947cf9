import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { handle } from '../../../functions/issue-keys/handler.ts';
import { sessionPolicy } from '../../../functions/sessions/identities.ts';
import { newQueueName, queueNameOf } from '../../../functions/sessions/queues.ts';
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

const issue = (input: object) => handle(harness.dependencies, harness.environment)(input);
const newIdentity = async () => ({ identityId: await harness.addIdentity(), nameSeed: nextName() });
const calls = (action: string) =>
  harness.calls.filter((call) => call.action === action).map(({ parameters }) => parameters);
const issues = () => calls('AssumeRoleWithWebIdentity');

/** The claims of a proof. */
const claimsOf = (token: unknown): unknown =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());

test('issues keys for the queue that is being made', async () => {
  const identity = await newIdentity();
  expect(await issue({ session: null, identity })).toEqual({
    accessKey: expect.stringMatching(/^ASIA/),
    secretKey: expect.any(String),
    sessionToken: expect.any(String),
    expires: harness.now() / 1000 + 4 * 3600,
  });
  const queueArn = `arn:aws:sqs:eu-west-1:123456789012:${newQueueName('stack', identity.nameSeed)}`;
  expect(issues()).toEqual([
    expect.objectContaining({
      RoleArn: harness.environment.browserRoleArn,
      RoleSessionName: nameOf(identity.nameSeed),
      Policy: sessionPolicy(queueArn),
      DurationSeconds: '14400',
    }),
  ]);
  expect(claimsOf(issues()[0]?.['WebIdentityToken'])).toMatchObject({ sub: identity.identityId });
});

test('issues keys for the queue a session has', async () => {
  const session = await addSession(harness);
  await issue({ session, identity: session });
  await issue({ session, identity: await newIdentity() });
  const policy = sessionPolicy(`arn:aws:sqs:eu-west-1:123456789012:${queueNameOf(session.queueUrl)}`);
  expect(issues().map((call) => call['Policy'])).toEqual([policy, policy]);
});

test('issues new keys each time, for the same session name', async () => {
  const session = await addSession(harness);
  const [one, two] = [await issue({ session, identity: session }), await issue({ session, identity: session })];
  expect(one.accessKey).not.toBe(two.accessKey);
  expect(new Set(issues().map((call) => call['RoleSessionName']))).toEqual(new Set([nameOf(session.nameSeed)]));
});

test.each([
  [3600, 3600],
  [60, 900],
  [-60, 900],
  [5 * 3600, 4 * 3600],
])('issues keys for a session that ends in %d seconds for %d, and says when it ends', async (left, duration) => {
  const session = await addSession(harness, { expiresIn: left });
  const { expires } = await issue({ session, identity: session, expires: session.expires });
  expect(issues()[0]?.['DurationSeconds']).toBe(String(duration));
  expect(expires - harness.now() / 1000).toBe(Math.min(left, duration));
});

test('asks for no proof of an identity that came with one', async () => {
  const identity = await newIdentity();
  const token = await harness.tokenOf(identity.identityId);
  await issue({ session: null, identity: { ...identity, token } });
  expect(issues()).toMatchObject([{ WebIdentityToken: token }]);
  expect(harness.calls).toHaveLength(1);
});

test('has a developer provider vouch for the identity, by the name of its queue', async () => {
  const made = await addSession(harness);
  const user = {
    IdentityPoolId: harness.environment.identityPoolId,
    Logins: { 'sqs-browser': queueNameOf(made.queueUrl) },
  };
  const session = { ...made, identityId: await harness.addDeveloperIdentity(user.Logins) };
  const developer = { ...harness.environment, developerProvider: 'sqs-browser' };
  await handle(harness.dependencies, developer)({ session, identity: session });
  expect(calls('GetOpenIdTokenForDeveloperIdentity')).toEqual([{ ...user, IdentityId: session.identityId }]);
});

test('reports a conflict when the identity has been deleted meanwhile', async () => {
  const session = await addSession(harness);
  await harness.deleteIdentities();
  await expect(issue({ session, identity: session })).rejects.toMatchObject({ name: 'SessionConflict' });
  expect(issues()).toEqual([]);
});

test.each([
  ['Throttling', 400, 'Throttled'],
  ['IDPCommunicationError', 400, 'UpstreamUnavailable'],
  ['InternalFailure', 500, 'UpstreamUnavailable'],
  ['AccessDenied', 403, 'UpstreamFailed'],
  ['PackedPolicyTooLarge', 400, 'UpstreamFailed'],
])('answers %s of STS as a failure', async (code, status, name) => {
  harness.on('before AssumeRoleWithWebIdentity', fault(code, status));
  await expect(issue({ session: null, identity: await newIdentity() })).rejects.toMatchObject({ name });
});

test('answers throttling of Cognito as a failure', async () => {
  harness.on('before GetOpenIdToken', fault('TooManyRequestsException'));
  await expect(issue({ session: null, identity: await newIdentity() })).rejects.toMatchObject({ name: 'Throttled' });
});
