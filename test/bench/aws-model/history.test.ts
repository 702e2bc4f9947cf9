import { runStateMachine } from 'aws-template-emulator';
import { describe, expect, test } from '@jest/globals';
import { executionOf } from '../../../bench/aws-model/history.ts';

const task = (Resource: string) => ({ Type: 'Task', Resource, TimeoutSeconds: 5 });

const run = async (States: object, input: object = {}) => {
  const definition = { StartAt: 'A', States };
  const { events } = await runStateMachine({ name: 'm', definition, input, task: () => Promise.resolve({}) });
  return executionOf(events, (name, payload) => ({ name: `${name} ${payload}`, calls: [] }));
};

const taskState = (name: string) => ({ type: 'task', function: { name, calls: [] } });

describe('an execution is read from its history', () => {
  test('as its tasks and transitions in their order', async () => {
    const { events, states } = await run({
      A: { ...task('f'), Next: 'B' },
      B: { Type: 'Pass', Next: 'C' },
      C: { Type: 'Succeed' },
    });
    expect(states).toEqual([taskState('f {}'), { type: 'transition' }, { type: 'transition' }]);
    // Two of the execution, five of the task, two of each other state.
    expect(events).toBe(11);
  });

  test('with the branches of a Parallel and what follows it', async () => {
    const branch = (name: string) => ({ StartAt: name, States: { [name]: { ...task(name), End: true } } });
    const { states } = await run({
      A: { Type: 'Parallel', Branches: [branch('f'), branch('g')], Next: 'B' },
      B: { ...task('h'), End: true },
    });
    expect(states).toEqual([
      { type: 'parallel', branches: [[taskState('f {}')], [taskState('g {}')]] },
      taskState('h [{},{}]'),
    ]);
  });

  test('with equal neighbours of a Map in one entry', async () => {
    const ItemProcessor = { StartAt: 'B', States: { B: { ...task('f'), End: true } } };
    const { states } = await run(
      { A: { Type: 'Map', ItemsPath: '$.items', ItemProcessor, End: true } },
      { items: [1, 1, 2] },
    );
    expect(states).toEqual([
      {
        type: 'map',
        iterations: [
          { times: 2, states: [taskState('f 1')] },
          { times: 1, states: [taskState('f 2')] },
        ],
      },
    ]);
  });
});
