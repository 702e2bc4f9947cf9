import { DescribeIdentityCommand, CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { administrator, refusal, region, sessionSchema, startStack } from './stack.ts';

const hour = 3_600_000;

/** Moves the clock and waits until a run of the cleanup has ended that began afterwards. */
const advanceAndClean = async (stack: Awaited<ReturnType<typeof startStack>>, milliseconds: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const begun = stack.runtime.clock.now() + milliseconds;
  const end = stack.runtime.executions.on(({ machine, started }) => {
    if (machine.endsWith('-cleanup') && started >= begun) resolve(undefined);
  });
  stack.runtime.clock.advance(milliseconds);
  await promise;
  end();
};

/** With the cleanup's own schedule. */
const stack = await startStack({ context: { cleanupEvery: undefined } });
const cognito = new CognitoIdentityClient({ endpoint: stack.runtime.url, region, credentials: administrator });

test('keys are refused when they have expired, and renewing gives new ones', async () => {
  const session = await stack.create(1, 'expires');
  stack.runtime.clock.advance(4 * hour + 1_000);
  const attempt = stack.sessionClient(session).send(new ReceiveMessageCommand({ QueueUrl: session.sqsUrl }));
  await expect(attempt).rejects.toMatchObject({ name: expect.stringMatching(/^ExpiredToken/) });
  expect(await stack.call('/status/1/expires')).toMatchObject({ status: 404, json: refusal('SessionNotFound') });
  const renewed = sessionSchema.parse((await stack.call('/renew/1/expires')).json);
  expect(renewed.sqsUrl).toBe(session.sqsUrl);
  await stack.call('/notify/1/session/expires?msg=hi');
  expect(await stack.receive(renewed)).toHaveLength(1);
});

test('an abandoned session vanishes by itself, a renewed one stays', async () => {
  const abandoned = await stack.create(2, 'abandoned');
  await stack.create(2, 'kept');
  stack.runtime.clock.advance(3 * hour);
  await stack.call('/renew/2/kept');
  await advanceAndClean(stack, 2.5 * hour);
  stack.settle();
  expect(await stack.sessionQueues()).not.toContain(abandoned.sqsUrl);
  const describe = cognito.send(new DescribeIdentityCommand({ IdentityId: abandoned.identityId }));
  await expect(describe).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await stack.call('/renew/2/abandoned')).toMatchObject({ status: 404 });
  expect(await stack.call('/status/2/kept')).toMatchObject({ status: 200 });
});

test('cleanup asked for over HTTP removes what has been abandoned', async () => {
  await stack.create(3, 'a');
  await stack.create(3, 'b');
  // A scheduled run may be first: together they remove all there is.
  stack.runtime.clock.advance(6 * hour);
  expect(await stack.call('/cleanup')).toMatchObject({ status: 200, json: { complete: true } });
  expect((await stack.call('/status')).json).toEqual({ sessions: [] });
  const { status } = await stack.call('/renew/3/a');
  expect(status).toBe(404);
});
