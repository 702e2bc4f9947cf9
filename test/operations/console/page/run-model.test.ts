import { expect, test } from '@jest/globals';
import { readGraph } from '../../../../operations/console/page/machine-graph.ts';
import type { LoggedEvent } from '../../../../operations/console/page/run-model.ts';
import { readCause, readVisits, statusOf } from '../../../../operations/console/page/run-model.ts';

/** Events as `[type, previous id, details]`, a millisecond after each other. */
const events = (...rows: readonly (readonly [string, number, LoggedEvent['details']?])[]): LoggedEvent[] =>
  rows.map(([type, previousId, details = {}], index) => ({
    ...{ id: index + 1, previousId, type, timestamp: 1_000 + index, details },
  }));

test('a state that was retried and succeeded has its attempts and errors', () => {
  const [visit] = readVisits(
    events(
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 1, { name: 'Send', input: '{}' }],
      ['LambdaFunctionScheduled', 2, { resource: 'arn:aws:lambda:r:1:function:send' }],
      ['LambdaFunctionFailed', 3, { error: 'Throttled', cause: 'slow down' }],
      ['LambdaFunctionScheduled', 4, { resource: 'arn:aws:lambda:r:1:function:send' }],
      ['LambdaFunctionSucceeded', 5],
      ['TaskStateExited', 6, { name: 'Send', output: '1' }],
      ['ExecutionSucceeded', 7],
    ),
  );
  expect(visit).toMatchObject({
    ...{ state: 'Send', status: 'succeeded', attempts: 2, resource: 'send', input: '{}', output: '1' },
    ...{ entered: 1_001, exited: 1_006, errors: [{ error: 'Throttled', cause: 'slow down', at: 1_003 }] },
  });
});

test('a failure that was caught is distinguished from one that ended the run', () => {
  const visits = readVisits(
    events(
      ['ExecutionStarted', 0],
      ['TaskStateEntered', 1, { name: 'Find' }],
      ['LambdaFunctionScheduled', 2],
      ['LambdaFunctionFailed', 3, { error: 'SessionNotFound' }],
      ['TaskStateExited', 4, { name: 'Find' }],
      ['FailStateEntered', 5, { name: 'Err: None' }],
      ['ExecutionFailed', 6, { error: 'SessionNotFound' }],
    ),
  );
  expect(visits.map(({ state, status }) => [state, status])).toEqual([
    ['Find', 'caught'],
    ['Err: None', 'failed'],
  ]);
});

test('a Map counts its items, and the states in them belong to it', () => {
  const [map, ...items] = readVisits(
    events(
      ['MapStateEntered', 0, { name: 'Deliver' }],
      ['MapStateStarted', 1, { length: 2 }],
      ['MapIterationStarted', 2, { index: 0 }],
      ['PassStateEntered', 3, { name: 'Send' }],
      ['MapIterationStarted', 2, { index: 1 }],
      ['PassStateEntered', 5, { name: 'Send' }],
      ['PassStateExited', 6, { name: 'Send' }],
      ['MapIterationSucceeded', 7, { index: 1 }],
      ['MapIterationFailed', 4, { index: 0 }],
      ['MapStateFailed', 2, { error: 'Broken' }],
      ['ExecutionFailed', 10, { error: 'Broken' }],
    ),
  );
  expect(map).toMatchObject({ status: 'failed', iterations: { succeeded: 1, failed: 1, total: 2 } });
  expect(items.map(({ status }) => status).sort()).toEqual(['aborted', 'succeeded']);
  expect(statusOf(items)).toBe('aborted');
  expect(statusOf([])).toBeUndefined();
});

test('what runs is running until the run ends', () => {
  const begun = events(['TaskStateEntered', 0, { name: 'Wait' }]);
  expect(readVisits(begun)).toMatchObject([{ status: 'running', exited: undefined }]);
  const end = { id: 2, previousId: 1, type: 'ExecutionTimedOut', details: {}, timestamp: 9 };
  expect(readVisits([...begun, end])).toMatchObject([{ status: 'failed', exited: 9 }]);
});

test.each([
  [undefined, ''],
  ['plain', 'plain'],
  ['{"errorMessage":"inner"}', 'inner'],
  [JSON.stringify({ errorMessage: JSON.stringify({ error: 'X', message: 'No session' }) }), 'No session'],
  ['{broken', '{broken'],
])('the cause %j is read as %j', (cause, text) => {
  expect(readCause(cause)).toBe(text);
});

test('a definition becomes nodes within each other and edges of each kind', () => {
  const { nodes, edges } = readGraph({
    StartAt: 'Choose',
    States: {
      Choose: { Type: 'Choice', Choices: [{ Next: 'Each' }], Default: 'Stop' },
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'Send', States: { Send: { Type: 'Task', End: true } } },
        Catch: [{ Next: 'Stop' }],
        End: true,
      },
      Stop: { Type: 'Fail' },
    },
  });
  expect(nodes.find(({ id }) => id === 'Send')).toEqual({ id: 'Send', type: 'Task', parent: 'Each' });
  expect(edges).toEqual([
    { from: '▶', to: 'Choose', kind: 'next' },
    { from: 'Choose', to: 'Each', kind: 'choice' },
    { from: 'Choose', to: 'Stop', kind: 'choice' },
    { from: 'Each', to: 'Stop', kind: 'catch' },
    { from: 'Each', to: '■', kind: 'next' },
    { from: 'Stop', to: '■', kind: 'next' },
  ]);
});
