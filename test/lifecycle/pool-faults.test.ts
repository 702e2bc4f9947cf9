import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { queueNameOf } from '../../functions/sessions/queues.ts';
import { readFree } from '../../functions/sessions/pairs.ts';
import { fault, startSessionHarness, type Hook, type SessionHarness } from '../tools/session-harness.ts';
import { machines } from './machines.ts';

/** As the stack's, milliseconds. */
const gracePeriod = 600_000;
/** An execution that was killed holds the pool no longer; milliseconds. */
const leaseTime = 61_000;
const size = 3;

interface Case {
  readonly call: string;
  readonly when: 'before' | 'after';
  readonly fault: { readonly name: string; readonly hook: Hook; readonly times: number };
  /** How many pairs there are before, and are to be. */
  readonly from: number;
  readonly to: number;
}

const killed: Hook = () => Promise.reject(new Error('the function is killed'));
const faults: readonly Case['fault'][] = [
  { name: 'once', hook: fault('InternalServerError', 500), times: 1 },
  { name: 'on and on', hook: fault('InternalServerError', 500), times: Infinity },
  { name: 'as refused', hook: fault('AccessDeniedException'), times: Infinity },
  { name: 'as throttled', hook: fault('ThrottlingException'), times: Infinity },
  { name: 'since the function is killed', hook: killed, times: Infinity },
];

const casesOf = (calls: readonly string[], from: number, to: number): readonly Case[] =>
  calls.flatMap((call) =>
    (['before', 'after'] as const).flatMap((when) => faults.map((one) => ({ call, when, fault: one, from, to }))),
  );

const cases = [
  ...casesOf(['PutItem', 'Query', 'GetId', 'CreateQueue'], 0, size),
  ...casesOf(['UpdateItem', 'DeleteQueue', 'DeleteIdentities'], size, 1),
];

/** With `FAULTS=all`, as in CI, all of them; otherwise every call at either moment meets one fault, each in its turn. */
const chosen =
  process.env['FAULTS'] === 'all'
    ? cases
    : [...Map.groupBy(cases, ({ call, when }) => `${call} ${when}`).values()].flatMap((group, turn) =>
        group.slice(turn % group.length).slice(0, 1),
      );

/** How many pairs there are in the end, and whether the queue of each exists. */
interface Outcome {
  readonly free: number;
  readonly usable: number;
}

let harness: SessionHarness;
let run: ReturnType<typeof machines>;
const outcomes = new Map<Case, Outcome>();

/** Runs of the schedule until the pool has so many pairs. */
const fillTo = async (count: number): Promise<void> => {
  harness.environment.poolSize = String(count);
  harness.clock.advance(leaseTime);
  for (let round = 0; round < 10; round += 1) if (!(await run.fillPool()).again) return;
  throw new Error('The pool is not filled');
};

/** The names of the queues that there are, and of those that pairs of the pool have. */
const queues = async () => ({
  all: (await harness.queueUrls()).map(queueNameOf).sort(),
  free: (await readFree(harness.pairs)).map(({ queueName }) => queueName).sort(),
});

beforeAll(async () => {
  harness = await startSessionHarness({ poolSize: size });
  run = machines(harness);
  let failing: { readonly place: string; readonly hook: Hook; left: number } | undefined;
  for (const { call, when } of chosen) {
    const place = `${when} ${call}` as const;
    const hook: Hook = (parameters) => {
      if (failing?.place !== place || failing.left === 0) return undefined;
      failing.left -= 1;
      return failing.hook(parameters);
    };
    harness.on(place, hook, Infinity);
  }
  for (const one of chosen) {
    await fillTo(one.from);
    harness.environment.poolSize = String(one.to);
    harness.clock.advance(leaseTime);
    failing = { place: `${one.when} ${one.call}`, hook: one.fault.hook, left: one.fault.times };
    await run.fillPool('that meets the fault').catch(() => undefined);
    failing = undefined;
    await fillTo(one.to);
    const { all, free } = await queues();
    outcomes.set(one, { free: free.length, usable: free.filter((name) => all.includes(name)).length });
  }
}, 600_000);

afterAll(() => harness.stop());

test.each(chosen.map((one) => [one.call, one.fault.name, one.when, one] as const))(
  'a pool whose %s fails %s, %s its effect, is as large as it should be afterwards',
  (_call, _fault, _when, one) => {
    expect(outcomes.get(one)).toEqual({ free: one.to, usable: one.to });
  },
);

test('what the failures left behind is gone a grace period later, and no pair with it', async () => {
  await fillTo(size);
  harness.clock.advance(gracePeriod + 60_000);
  await run.cleanup();
  const { all, free } = await queues();
  expect(all).toEqual(free);
  expect(await harness.identities()).toHaveLength(size);
  const sessions = await Promise.all([1, 2, 3].map((accountId) => run.create({ accountId, sessionId: 's' })));
  expect(sessions.map(({ sqsUrl }) => queueNameOf(sqsUrl)).sort()).toEqual(free);
});
