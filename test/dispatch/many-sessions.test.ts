import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import type { ExecutionRecord } from 'aws-template-emulator';
import { startStack } from '../acceptance/stack.ts';
import { Planting } from '../lifecycle/planting.ts';

/** CI has five thousand. */
const sessions = Number(process.env['SESSIONS'] ?? 1000);
const hour = 3600;
const largestState = 200 * 1024;

const stack = await startStack({ context: { cleanupEvery: 86_400 } });
const { runtime } = stack;
const executions: ExecutionRecord[] = [];
const calls: CallRecord[] = [];
runtime.executions.on((execution) => executions.push(execution));
runtime.calls.on((call) => calls.push(call));

/** More sessions than DynamoDB reads at once, of another account. */
const two = { account: 8, sessions: 950 };

/** So long that DynamoDB ends a page of a query, which has a megabyte, after some 900 sessions. */
const idPrefix = '\u{1F642}'.repeat(250);

beforeAll(async () => {
  const planting = new Planting(runtime);
  await planting.sessions(sessions, 0, 4 * hour, { accountOf: () => 7, idPrefix });
  await planting.sessions(two.sessions, sessions, 4 * hour, { accountOf: () => two.account, idPrefix });
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

const queries = (): number =>
  calls.filter(({ service, action }) => service === 'dynamodb' && action === 'Query').length;

const answersOf = (records: readonly ExecutionRecord[]): unknown[] => records.map(({ output }) => output);

/** Moves the clock once the next page of sessions has been read, so that no further one is read for the plan. */
const advanceAtNextPage = (seconds: number): void => {
  const stop = runtime.calls.on(({ service, action }) => {
    if (service !== 'dynamodb' || action !== 'Query') return;
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
  test('reaches each once in one dispatch', async () => {
    await stack.put('{"accountId":7}');
    expectEachReachedOnce();
    expect(queries()).toBeGreaterThan(5);
    expect(answersOf(executions)).toEqual([expect.objectContaining({ sessions, delivered: sessions })]);
  });

  test('of the stream that takes too long is gone on with by the router', async () => {
    advanceAtNextPage(151);
    await stack.put('{"accountId":7}');
    expectEachReachedOnce();
    const [first, second, ...more] = executions;
    expect(more).toEqual([]);
    const { remainder } = first?.output as { readonly remainder?: object };
    expect(remainder).toMatchObject({ cursor: { query: 0 } });
    expect(second?.input).toMatchObject(remainder ?? {});
    expect(second?.output).toEqual({ messageId: expect.any(String), sessions, delivered: sessions });
  });

  test('of a notify call that takes too long is gone on with by itself', async () => {
    advanceAtNextPage(21);
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
  test('the caller gets 502', async () => {
    const remove = runtime.faults.add({ function: 'ContinueDispatch', when: 'before', error: 'killed' });
    advanceAtNextPage(21);
    const { status } = await stack.call(`/notify/${two.account}`);
    remove();
    expect(status).toBe(502);
  });

  test('by an execution that fails, its message becomes a dead letter for all that it names', async () => {
    advanceAtNextPage(21);
    const ended = whenEnded(2);
    let remove = (): void => undefined;
    // After the first plan's deliveries were counted, the next one is for the further execution.
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
    const deadLetters = await stack.drain(runtime.outputs['UndeliveredQueueUrl'] ?? '');
    expect(deadLetters.map(({ Body: body = '' }) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({
        messageId,
        reason: 'Lambda.Unknown',
        body: `{"accountId":${two.account}}`,
        targets: [],
      }),
    ]);
  });
});
