import { expect, test } from '@jest/globals';
import { handle } from '../../../functions/continue-dispatch/handler.ts';

const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:dispatch';
const messages = [{ messageId: 'm', sentAt: 1, accountId: 1, body: '{}' }];
const cursor = { query: 3, after: { sessionId: 's', route: 's#s' } };
const totals = { sessions: 5, delivered: 4, deadLettered: 0, received: '0' };
const dispatch = { messages, cursor, totals, deadline: 1, atDeadline: 'continue', next: 'continue', answer: {} };

test('starts a further execution with messages, cursor and totals', async () => {
  const started: unknown[] = [];
  const start = (...execution: unknown[]) => Promise.resolve(void started.push(execution));
  expect(await handle(start)({ dispatch, stateMachineArn: arn })).toEqual({});
  expect(started).toEqual([[arn, { messages, cursor, totals, continued: true }]]);
});

test('refuses what is not a dispatch', async () => {
  await expect(handle(() => Promise.resolve())({ dispatch: {}, stateMachineArn: arn })).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
});
