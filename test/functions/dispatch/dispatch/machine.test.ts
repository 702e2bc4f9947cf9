import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { AwsError, startEmulator, type ExecutionRecord } from 'aws-template-emulator';
import { openStepFunctions } from '../../../../functions/aws/clients.ts';
import { runDispatch, startDispatch } from '../../../../functions/dispatch/dispatch.ts';
import type { MessagesInput } from '../../../../functions/dispatch/dispatch.ts';

const cursor = { query: 0, after: { sessionId: 's', route: 's#s' } };
const totals = { sessions: 2, delivered: 1, deadLettered: 0, received: '0' };

/** Ends with a remainder at first, and is done when it is given totals; fails and answers nonsense when it is asked to. */
const definition = {
  StartAt: 'What?',
  States: {
    'What?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.messages[0].messageId', StringEquals: 'fails', Next: 'Fail' },
        { Variable: '$.messages[0].messageId', StringEquals: 'nonsense', Next: 'Nonsense' },
        { Variable: '$.answerBy', IsPresent: true, Next: 'Continued' },
        { Variable: '$.totals', IsPresent: true, Next: 'Done' },
      ],
      Default: 'Part',
    },
    Fail: { Type: 'Fail', Error: 'States.Timeout', Cause: 'arn:aws:secret' },
    Nonsense: { Type: 'Pass', Result: { remainder: 5 }, End: true },
    Part: { Type: 'Pass', Result: { sessions: 2, delivered: 1, remainder: { cursor, totals } }, End: true },
    Continued: { Type: 'Pass', Result: { sessions: 2, delivered: 1, continued: true }, End: true },
    Done: { Type: 'Pass', Result: { sessions: 3, delivered: 3 }, End: true },
  },
};

const emulator = await startEmulator({
  template: {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'dispatch',
          StateMachineType: 'EXPRESS',
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DefinitionString: JSON.stringify(definition),
        },
      },
    },
    Outputs: { Arn: { Value: { Ref: 'Machine' } } },
  },
});
const { Arn: arn = '' } = emulator.outputs;
const client = openStepFunctions(emulator.clientConfig);
const dispatch = runDispatch(client, arn);
const executions: ExecutionRecord[] = [];
emulator.executions.on((execution) => executions.push(execution));
const removals: (() => void)[] = [];

afterEach(() => {
  executions.length = 0;
  for (const remove of removals.splice(0)) remove();
});

afterAll(async () => {
  client.destroy();
  await emulator.stop();
});

const messages = (messageId: string) => [{ messageId, sentAt: 1, accountId: 1, body: '{}' }];

describe('a dispatch', () => {
  test('goes on with what is left until nothing is', async () => {
    expect(await dispatch(messages('m'))).toEqual({ continued: false });
    expect(executions.map(({ input }) => input)).toEqual([
      { messages: messages('m') },
      { messages: messages('m'), cursor, totals },
    ]);
  });

  test('that is to answer by a time says whether a further execution goes on', async () => {
    expect(await dispatch(messages('m'), { answerBy: 5 })).toEqual({ continued: true });
    expect(executions.map(({ input }) => input)).toEqual([{ messages: messages('m'), answerBy: 5 }]);
  });

  test.each([
    ['its execution fails', 'fails', 'UpstreamUnavailable', 'The dispatch ended as FAILED: States.Timeout'],
    ['it answers nonsense', 'nonsense', '$ZodError', undefined],
  ])('fails when %s', async (_, messageId, name, message) => {
    const failure = { name, ...(message !== undefined && { message }) };
    await expect(dispatch(messages(messageId))).rejects.toMatchObject(failure);
  });

  test.each([
    ['ThrottlingException', 400, 'Throttled'],
    ['ExecutionLimitExceeded', 400, 'Throttled'],
    ['InternalFailure', 500, 'UpstreamUnavailable'],
    ['AccessDeniedException', 400, 'UpstreamFailed'],
  ])('fails by name for %s', async (code, status, name) => {
    for (const call of ['states:StartSyncExecution', 'states:StartExecution']) {
      removals.push(
        emulator.interceptors.add('before', call, () => {
          throw new AwsError(code, 'arn:aws:secret', status);
        }),
      );
    }
    await expect(dispatch(messages('m'))).rejects.toMatchObject({ name });
    await expect(startDispatch(client)(arn, { messages: messages('m') })).rejects.toMatchObject({ name });
  });

  test('is given up when its time is over', async () => {
    await expect(dispatch(messages('m'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'UpstreamUnavailable',
    });
  });
});

test('a dispatch that is started continues at the given cursor', async () => {
  const ended = Promise.withResolvers<ExecutionRecord>();
  removals.push(emulator.executions.on(ended.resolve));
  const input: MessagesInput = { messages: messages('m'), cursor, totals, continued: true };
  await startDispatch(client)(arn, input);
  expect((await ended.promise).input).toEqual(input);
});
