import type { CallPoint, ExecutionRecord } from 'aws-template-emulator';
import { runStateMachine } from 'aws-template-emulator';
import { describe, expect, test } from '@jest/globals';
import type { EndedCall } from '../../../bench/aws-model/recorded.ts';
import { assemble } from '../../../bench/aws-model/recorded.ts';

const find = 'arn:aws:lambda:us-east-1:000000000000:function:s-find';

const call = (service: string, action: string, begin: number, parameters: CallPoint['parameters'] = {}): EndedCall => ({
  point: { service, action, parameters, principal: { type: 'anonymous' } },
  begin,
  end: begin + 10,
});

const execution = (input: object): Promise<ExecutionRecord> =>
  runStateMachine({
    name: 'm',
    definition: { StartAt: 'A', States: { A: { Type: 'Task', Resource: find, TimeoutSeconds: 5, End: true } } },
    input,
    task: () => Promise.resolve({}),
  });

const nothing = { prefix: 's-', executions: [], runs: [], calls: [], batches: [], counts: new Map() };
const group = (name: string, after = -1) => ({ call: name, after, times: 1, atOnce: 1 });

describe('what was recorded', () => {
  test('has the calls of a run in the task that it was for', async () => {
    const calls = [call('dynamodb', 'GetItem', 0), call('sqs', 'CreateQueue', 20)];
    const runs = [{ functionArn: find, payload: '{"id":1}', calls }];
    const { executions, functions } = assemble({ ...nothing, executions: [await execution({ id: 1 })], runs });
    expect(functions).toEqual([]);
    expect(executions[0]?.states).toEqual([
      { type: 'task', function: { name: 'find', calls: [group('dynamodb:GetItem'), group('sqs:CreateQueue', 0)] } },
    ]);
  });

  test('has a batch of the stream with the execution that the router waited for', async () => {
    const started = call('states', 'StartSyncExecution', 0, { input: '{"id":1}' });
    const { batches, executions } = assemble({
      ...nothing,
      executions: [await execution({ id: 1 })],
      runs: [{ functionArn: find, payload: '{"id":1}', calls: [] }],
      calls: [started],
      batches: [{ records: 7, end: 50 }],
    });
    expect(executions).toEqual([]);
    expect(batches).toMatchObject([
      { records: 7, function: { name: 'router', calls: [{ executions: [{ events: 7 }] }] } },
    ]);
  });

  test('has a function that no machine ran by itself, with the executions that it started', async () => {
    const started = call('states', 'StartSyncExecution', 0, { input: '{"id":1}' });
    const publish = { functionArn: find.replace('s-find', 's-publish'), payload: '{}', calls: [started] };
    const { functions, executions } = assemble({
      ...nothing,
      executions: [await execution({ id: 1 })],
      runs: [publish],
    });
    expect(executions).toEqual([]);
    expect(functions).toMatchObject([{ name: 'publish', calls: [{ call: 'states:StartSyncExecution', times: 1 }] }]);
  });

  test('shares the calls of runs that cannot be distinguished', async () => {
    const counts = new Map([['s-find', new Map([['sqs:SendMessageBatch', 50]])]]);
    const records = await Promise.all([execution({ id: 1 }), execution({ id: 2 })]);
    const { executions } = assemble({ ...nothing, executions: records, counts });
    const states = executions.flatMap(({ states: all }) => all);
    expect(states).toHaveLength(2);
    expect(states[0]).toMatchObject({ function: { calls: [{ call: 'sqs:SendMessageBatch', times: 25, atOnce: 64 }] } });
  });
});
