import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MovableClock } from 'aws-template-emulator';
import type { CallRecord, ExecutionRecord } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { DeadLetter } from '../../functions/dispatch/dead-letters.ts';
import { startStack } from '../acceptance/stack.ts';
import { Planting } from '../lifecycle/planting.ts';
import { endedProcess, reasonOf } from './fault-cases.ts';

const outputSchema = z.object({ remainder: z.optional(z.record(z.string(), z.unknown())) });

const answerSchema = z.object({ messageId: z.string(), delivered: z.number() });

/** Only a test that hangs takes so long, on whatever machine. */
jest.setTimeout(300_000);

/** CI has five thousand. */
const sessions = Number(process.env['SESSIONS'] ?? 1000);
const hour = 3600;
const largestState = 200 * 1024;

/**
 * The clock stands, so that no function runs out of time because the machine is slow, and only the tests move it: the worst case, whose
 * retries do, is for the other tests of dispatch.
 */
const clock = new MovableClock({ standsAt: Date.now() });
const stack = await startStack({ clock, worstCase: false });
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
  // By then every server of SQS knows the queues, also in the worst documented case.
  advance(61)();
});

beforeEach(() => {
  executions.length = 0;
  calls.length = 0;
});

const afterLast = (separator: string, text = ''): string => text.slice(text.lastIndexOf(separator) + 1);

const undeliveredQueueUrl = runtime.outputs['UndeliveredQueueUrl'] ?? '';

const isSend = ({ action, outcome, permissions }: CallRecord): boolean =>
  action === 'SendMessageBatch' &&
  outcome === 'answered' &&
  afterLast(':', permissions[0]?.resource) !== afterLast('/', undeliveredQueueUrl);

const isPage = ({ service, action }: CallRecord): boolean => service === 'dynamodb' && action === 'Query';

const isInvocation =
  (functionName: string) =>
  ({ action, permissions }: CallRecord): boolean =>
    action === 'Invoke' && (permissions[0]?.resource.endsWith(`-${functionName}`) ?? false);

/** Names of the queues that got the message, once for each time. */
const reached = (): readonly string[] =>
  calls.filter(isSend).map(({ permissions }) => afterLast(':', permissions[0]?.resource));

const countEach = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

const queries = (): number => calls.filter(isPage).length;

const takeDeadLetters = async (): Promise<readonly DeadLetter[]> =>
  (await stack.drain(undeliveredQueueUrl)).map(({ Body: body = '' }) => JSON.parse(body) as DeadLetter);

const answersOf = (records: readonly ExecutionRecord[]): unknown[] => records.map(({ output }) => output);

/** Does something once so many such calls have ended, before their caller knows the answer. */
const afterCalls = (isCall: (call: CallRecord) => boolean, act: () => void, count = 1): void => {
  let left = count;
  const stop = runtime.calls.on((call) => {
    if (!isCall(call)) return;
    left -= 1;
    if (left > 0) return;
    stop();
    act();
  });
};

const advance = (seconds: number) => (): void => {
  clock.advance(seconds * 1000);
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
    // Route Messages reads for 8 s, and a task has 30 s. No plan is begun after 150 s.
    afterCalls(isPage, advance(9));
    afterCalls(isInvocation('route-messages'), advance(142));
    await stack.put('{"accountId":7}');
    expectEachReachedOnce();
    const [first, second, ...more] = executions;
    expect(more).toEqual([]);
    const { remainder } = outputSchema.parse(first?.output);
    expect(remainder).toMatchObject({ cursor: { query: 0 } });
    expect(second?.input).toMatchObject(remainder ?? {});
    expect(second?.output).toEqual({ messageId: expect.any(String), sessions, delivered: sessions });
  });

  test('and ten more become dead letters for exactly those queues that do not get them in time', async () => {
    // A queue gets ten messages in its first call, and one in its second. Deliver Batch begins no call after 15 s.
    const messages = Array.from({ length: 11 }, (_, number) => `{"accountId":7,"number":${number}}`);
    const accepted = [0, 10, 11];
    afterCalls(isSend, advance(16), 100);
    await stack.put(...messages);
    const deadLetters = await takeDeadLetters();
    const missed = deadLetters.flatMap(({ targets }) => targets.map(({ queueUrl }) => afterLast('/', queueUrl)));
    expect(new Set(deadLetters.map(({ reason }) => reason))).toEqual(new Set(['OutOfTime']));
    const delivered = messages.length * sessions - missed.length;
    expect(answersOf(executions)).toEqual([expect.objectContaining({ sessions, delivered })]);
    const [calledFor, missedBy] = [countEach(reached()), countEach(missed)];
    const queues = [...new Set([...calledFor.keys(), ...missedBy.keys()])];
    expect(queues).toHaveLength(sessions);
    const accountedFor = queues.map((name) => (accepted[calledFor.get(name) ?? 0] ?? NaN) + (missedBy.get(name) ?? 0));
    expect(new Set(accountedFor)).toEqual(new Set([messages.length]));
  });

  test('of a notify call that takes too long is gone on with by itself', async () => {
    afterCalls(isPage, advance(21));
    const ended = whenEnded(2);
    const { status, json } = await stack.call('/notify/7?msg=hello');
    await ended;
    expect(status).toBe(200);
    expect(json).toMatchObject({ continued: true });
    expect(answerSchema.parse(json).delivered).toBeLessThan(sessions);
    expectEachReachedOnce();
    const { messageId } = answerSchema.parse(json);
    expect(executions.at(-1)?.input).toMatchObject({ messages: [{ messageId }], continued: true });
    expect(executions.at(-1)?.output).toMatchObject({ messageId, sessions, delivered: sessions });
  });
});

describe('when a notify call that takes too long cannot be gone on with', () => {
  test('the caller gets 502', async () => {
    const remove = runtime.faults.add({ function: 'ContinueDispatch', when: 'before', error: 'killed' });
    afterCalls(isPage, advance(21));
    const { status } = await stack.call(`/notify/${two.account}`);
    remove();
    expect(status).toBe(502);
  });

  test('by an execution that fails, its message becomes a dead letter for all that it names', async () => {
    afterCalls(isPage, advance(21));
    const ended = whenEnded(2);
    let remove = (): void => undefined;
    // After the first plan's deliveries were counted, the next one is for the further execution.
    afterCalls(isInvocation('count-deliveries'), () => {
      remove = runtime.faults.add({ function: 'RouteMessages', when: 'before', error: 'killed' });
    });
    const { json } = await stack.call(`/notify/${two.account}`);
    await ended;
    remove();
    expect(json).toMatchObject({ continued: true });
    const { messageId } = answerSchema.parse(json);
    const deadLetters = await takeDeadLetters();
    expect(deadLetters.map((deadLetter) => ({ ...deadLetter, reason: reasonOf(deadLetter) }))).toEqual([
      expect.objectContaining({
        messageId,
        reason: endedProcess,
        body: `{"accountId":${two.account}}`,
        targets: [],
      }),
    ]);
  });
});
