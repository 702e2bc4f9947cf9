import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import type { ExecutionRecord } from 'aws-template-emulator';
import { startStack } from '../acceptance/stack.ts';
import { Planting } from '../lifecycle/planting.ts';

/** CI has five thousand. */
const sessions = Number(process.env['SESSIONS'] ?? 1700);
const hour = 3600;
const largestState = 200 * 1024;

const stack = await startStack({ context: { cleanupEvery: 86_400 } });
const { runtime } = stack;
const executions: ExecutionRecord[] = [];
const calls: CallRecord[] = [];
runtime.executions.on((execution) => executions.push(execution));
runtime.calls.on((call) => calls.push(call));

/** More than one page of sessions, of another account. */
const two = { account: 8, sessions: 900 };

beforeAll(async () => {
  const planting = new Planting(runtime);
  await planting.sessions(sessions, 0, 4 * hour, { accountOf: () => 7 });
  await planting.sessions(two.sessions, sessions, 4 * hour, { accountOf: () => two.account });
}, 60_000);

beforeEach(() => {
  executions.length = 0;
  calls.length = 0;
});

/** Queues that got the message, once for each time. */
const reached = (): readonly string[] =>
  calls
    .filter(({ action, outcome }) => action === 'SendMessageBatch' && outcome === 'answered')
    .map(({ permissions }) => permissions[0]?.resource ?? '');

const pages = (): number => calls.filter(({ service, action }) => service === 'dynamodb' && action === 'Query').length;

const answersOf = (records: readonly ExecutionRecord[]): unknown[] => records.map(({ output }) => output);

const readsPage = ({ service, action }: CallRecord): boolean => service === 'dynamodb' && action === 'Query';
const endsRouting = ({ permissions: [permission] }: CallRecord): boolean =>
  permission?.resource.endsWith('-route-messages') === true;

/** Moves the clock at the next such call. A move of more than a task's timeout must not come while the task runs. */
const advanceAt = (isCall: (call: CallRecord) => boolean, seconds: number): void => {
  const stop = runtime.calls.on((call) => {
    if (!isCall(call)) return;
    stop();
    runtime.clock.advance(seconds * 1000);
  });
};

const whenEnded = (count: number): Promise<void> =>
  new Promise((resolve) => {
    const stop = runtime.executions.on(() => {
      if (executions.length < count) return;
      stop();
      resolve();
    });
  });

const expectEachReachedOnce = (): void => {
  const queues = reached();
  expect(queues).toHaveLength(sessions);
  expect(new Set(queues).size).toBe(sessions);
  expect(executions.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
  expect(Math.max(...executions.map(({ largestPayload }) => largestPayload))).toBeLessThanOrEqual(largestState);
};

describe(`a message to ${sessions} sessions`, () => {
  test('reaches each once in one dispatch of several pages', async () => {
    await stack.put('{"accountId":7}');
    expectEachReachedOnce();
    expect(pages()).toBeGreaterThan(2);
    expect(answersOf(executions)).toEqual([expect.objectContaining({ sessions, delivered: sessions })]);
  });

  test('of the stream that takes too long is gone on with by the router', async () => {
    advanceAt(endsRouting, 151);
    await stack.put('{"accountId":7}');
    expectEachReachedOnce();
    const [first, second, ...more] = executions;
    expect(more).toEqual([]);
    expect(first?.output).toMatchObject({ cursor: { lookup: 0 } });
    const { cursor, ...totals } = first?.output as Readonly<Record<string, unknown>>;
    expect(second?.input).toMatchObject({ cursor, totals: { sessions: totals['sessions'] } });
    expect(second?.output).toMatchObject({ sessions, delivered: sessions });
    expect(second?.output).not.toHaveProperty('cursor');
  });

  test('of a notify call that takes too long is gone on with by itself', async () => {
    advanceAt(readsPage, 21);
    const ended = whenEnded(2);
    const { status, json } = await stack.call('/notify/7?msg=hello');
    await ended;
    expect(status).toBe(200);
    expect(json).toMatchObject({ continued: true });
    expect((json as { readonly delivered: number }).delivered).toBeLessThan(sessions);
    expectEachReachedOnce();
    const { messageId } = json as { readonly messageId: string };
    expect(executions.at(-1)?.input).toMatchObject({ messages: [{ messageId }], continued: true });
    expect(executions.at(-1)?.output).toMatchObject({ messageId, sessions, delivered: sessions });
  });
});

describe('when a notify call that takes too long cannot be gone on with', () => {
  test('the caller is told', async () => {
    const remove = runtime.faults.add({ function: 'ContinueDispatch', when: 'before', error: 'killed' });
    advanceAt(readsPage, 21);
    const { status } = await stack.call(`/notify/${two.account}`);
    remove();
    expect(status).toBe(502);
  });

  test('by an execution that fails, its message is deadLettered for whomever it names', async () => {
    advanceAt(readsPage, 21);
    const ended = whenEnded(2);
    let remove = (): void => undefined;
    // After the first page's deliveries were counted, the next pages are for the further execution.
    const stop = runtime.calls.on(({ permissions: [permission] }) => {
      if (!permission?.resource.endsWith('-count-deliveries')) return;
      stop();
      remove = runtime.faults.add({ function: 'RouteMessages', when: 'before', error: 'killed' });
    });
    const { json } = await stack.call(`/notify/${two.account}`);
    await ended;
    remove();
    expect(json).toMatchObject({ continued: true });
    const { messageId } = json as { readonly messageId: string };
    const deadLettered = await stack.drain(runtime.outputs['UndeliveredQueueUrl'] ?? '');
    expect(deadLettered.map(({ Body: body = '' }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({
        messageId,
        reason: 'Lambda.Unknown',
        body: `{"accountId":${two.account}}`,
        targets: [],
      }),
    ]);
  });
});
