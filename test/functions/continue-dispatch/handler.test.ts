import '../../fakes/environment.ts';
import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { handle } from '../../../functions/continue-dispatch/handler.ts';
import { AwsFault, startAwsServer } from '../../fakes/aws-server.ts';

const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:dispatch';
const messages = [{ messageId: 'm', sentAt: 1, accountId: 1, body: '{}' }];
const cursor = { lookup: 3, after: { sessionId: 's', route: 's#s' } };
const dispatch = {
  messages,
  cursor,
  totals: { sessions: 5, delivered: 4 },
  deadline: 1,
  atDeadline: 'continue',
  next: 'continue',
  answer: {},
};

test('starts a further execution with messages, cursor and totals', async () => {
  await using server = await startAwsServer({ StartExecution: () => ({ executionArn: arn, startDate: 1 }) });
  expect(await handle({ stepFunctions: new SFNClient(server.client) })({ dispatch, stateMachineArn: arn })).toEqual({});
  expect(
    server.calls.map(({ action, parameters }) => [
      action,
      parameters['stateMachineArn'],
      JSON.parse(String(parameters['input'])) as unknown,
    ]),
  ).toEqual([['StartExecution', arn, { messages, cursor, totals: { sessions: 5, delivered: 4 }, continued: true }]]);
});

test.each([
  ['ThrottlingException', 400, 'Throttled'],
  ['ExecutionLimitExceeded', 400, 'Throttled'],
  ['InternalFailure', 500, 'UpstreamUnavailable'],
  ['AccessDeniedException', 400, 'UpstreamFailed'],
])('fails by name for %s', async (code, status, name) => {
  await using server = await startAwsServer({
    StartExecution: () => {
      throw new AwsFault(code, status);
    },
  });
  const stepFunctions = new SFNClient(server.client);
  await expect(handle({ stepFunctions })({ dispatch, stateMachineArn: arn })).rejects.toMatchObject({ name });
});
