import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SessionRecord } from '../../functions/sessions/session-record.ts';
import type { Session } from '../../client/shared/session.ts';
import {
  addSession,
  environment,
  fault,
  startSessionHarness,
  type SessionHarness,
  nameOf,
} from '../tools/session-harness.ts';
import { AwsError } from 'aws-template-emulator';
import { machines } from './machines.ts';

let harness: SessionHarness;

beforeAll(async () => {
  harness = await startSessionHarness();
});

afterAll(() => harness.stop());

/** THOROUGHNESS=80 makes many times as many runs. */
const thoroughness = Number(process.env['THOROUGHNESS'] ?? 1);
const timeout = 60_000 * thoroughness;

const key = { accountId: 1, sessionId: 'a' };
const operations = ['create', 'renew', 'destroy', 'cleanup'] as const;
type Operation = (typeof operations)[number];

/** What was there before: nothing, a live session, one whose keys have expired, one that the cleanup may remove. */
const beginnings = { none: undefined, live: 3600, expired: -60, removable: -3600 };
type Beginning = keyof typeof beginnings;

afterEach(async () => {
  harness.gate = () => Promise.resolve();
  await clear();
});

const clear = async () => {
  await Promise.all([harness.deleteRecords(), harness.deleteQueues(), harness.deleteIdentities()]);
};

/** When an operation began and ended, counted in steps, and what it answered. */
interface Outcome {
  readonly operation: Operation;
  readonly began: number;
  readonly ended: number;
  readonly answer?: Session | undefined;
  readonly error?: string;
}

const runAll = async (chosen: readonly Operation[], step: () => number): Promise<Outcome[]> => {
  const machine = machines(harness);
  const run = async (operation: Operation): Promise<Outcome> => {
    const began = step();
    try {
      const answer = await machine[operation](key);
      const description = answer && 'accessKey' in answer ? { answer } : {};
      return { operation, began, ended: step(), ...description };
    } catch (error) {
      return { operation, began, ended: step(), error: error instanceof Error ? error.name : String(error) };
    }
  };
  return Promise.all(chosen.map(run));
};

/** Sets the scene: the session, and everything in it older than the grace period. */
const begin = async (beginning: Beginning): Promise<SessionRecord | undefined> => {
  await clear();
  const expiresIn = beginnings[beginning];
  const session = expiresIn === undefined ? undefined : await addSession(harness, { ...key, expiresIn });
  harness.clock.advance(1000 * (Number(environment.gracePeriod) + 1));
  if (session && expiresIn !== undefined) return harness.put({ ...session, expires: harness.now() / 1000 + expiresIn });
  return session;
};

/** The record, if there is one, names a queue and an identity that are there. */
const expectComplete = async (): Promise<SessionRecord | undefined> => {
  const [record] = await harness.records();
  if (record) {
    expect(await harness.identities()).toContain(record.identityId);
    expect(await harness.queueUrls()).toContain(record.queueUrl);
  }
  return record;
};

/** And the queue lets its names in, in use and next, and no others. */
const expectWhole = async (): Promise<SessionRecord | undefined> => {
  const record = await expectComplete();
  if (record)
    expect(await harness.opensTo(record.queueUrl)).toEqual([record.nameSeed, record.nextNameSeed].map(nameOf));
  return record;
};

/** And the queue lets in the name in use, though perhaps an earlier one beside it instead of the next. */
const expectUsable = async (): Promise<SessionRecord | undefined> => {
  const record = await expectComplete();
  if (record) expect(await harness.opensTo(record.queueUrl)).toContain(nameOf(record.nameSeed));
  return record;
};

/** After the grace period and a cleanup there is nothing besides the session. */
const expectClean = async (record: SessionRecord | undefined): Promise<void> => {
  harness.clock.advance(1000 * (Number(environment.gracePeriod) + 1));
  if (record) await harness.put({ ...record, expires: harness.now() / 1000 + 60 });
  expect(await machines(harness).cleanup()).toMatchObject({ sessionsRemoved: 0, complete: true });
  expect(await harness.identities()).toEqual(record ? [record.identityId] : []);
  expect(await harness.queueUrls()).toEqual(record ? [record.queueUrl] : []);
};

/** Keys answered before a destroy began that succeeded must be dead. */
const expectDestroyed = (outcomes: readonly Outcome[], record: SessionRecord | undefined): void => {
  const destroys = outcomes.filter(({ operation, error }) => operation === 'destroy' && error === undefined);
  for (const { answer, ended } of outcomes) {
    if (answer && destroys.some(({ began }) => ended < began)) expect(record?.identityId).not.toBe(answer.identityId);
  }
};

const chosenOperations = fc.array(fc.constantFrom(...operations), { minLength: 2, maxLength: 4 });
const chosenBeginning = fc.constantFrom(...(Object.keys(beginnings) as Beginning[]));

describe('operations on one session at once', () => {
  test(
    'leave a whole session or none, in whatever order their calls are made',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), chosenBeginning, chosenOperations, async (scheduler, beginning, chosen) => {
          await begin(beginning);
          let steps = 0;
          harness.gate = (action) => scheduler.schedule(Promise.resolve(), action);
          const outcomes = await scheduler.waitFor(runAll(chosen, () => (steps += 1)));
          harness.gate = () => Promise.resolve();
          const record = await expectWhole();
          expectDestroyed(outcomes, record);
          for (const { error } of outcomes) expect([undefined, 'SessionNotFound', 'SessionConflict']).toContain(error);
          await expectClean(record);
        }),
        { numRuns: 5 * thoroughness },
      );
    },
    timeout,
  );

  test(
    'answer creates alone with the last one’s keys in the record',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), chosenBeginning, async (scheduler, beginning) => {
          await begin(beginning);
          let steps = 0;
          harness.gate = (action) => scheduler.schedule(Promise.resolve(), action);
          const outcomes = await scheduler.waitFor(runAll(['create', 'create', 'create'], () => (steps += 1)));
          harness.gate = () => Promise.resolve();
          const record = await expectWhole();
          expect(outcomes.map(({ answer }) => answer?.identityId)).toContain(record?.identityId);
        }),
        { numRuns: 3 * thoroughness },
      );
    },
    timeout,
  );
});

interface Fault {
  /** The first call that may fail, counted from 1 with two steps to a call; the calls of the same action fail after it. */
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly code: readonly [string, number];
  /** How often the action fails. */
  readonly times: number;
}

/** Fails one action's calls as long as the fault lasts. */
const failing = ({ call, when, code, times }: Fault): SessionHarness['gate'] => {
  let steps = 0;
  let left = times;
  let target: string | undefined;
  return (action, step) => {
    steps += 1;
    if (step !== when || (target === undefined ? steps < call : action !== target)) return Promise.resolve();
    target = action;
    left -= 1;
    return left < 0 ? Promise.resolve() : Promise.reject(new AwsError(code[0], 'refused', code[1]));
  };
};

describe('an operation that meets a failure', () => {
  const faults: fc.Arbitrary<Fault> = fc.record({
    call: fc.nat({ max: 40 }),
    when: fc.constantFrom('before', 'after'),
    code: fc.constantFrom<[string, number]>(
      ['AccessDenied', 403],
      ['InternalFailure', 500],
      ['ThrottlingException', 400],
    ),
    times: fc.constantFrom(1, 2, 8),
  });
  const runFailing = async (operation: Operation, fault: Fault) => {
    harness.gate = failing(fault);
    const [outcome] = await runAll([operation], () => 0);
    harness.gate = () => Promise.resolve();
    return outcome;
  };

  /** Fails the operation, checks what it leaves, and what the next renewal or create and a cleanup make of that. */
  const expectHealed = async (
    [beginning, operation]: readonly [Beginning, Operation],
    fault: Fault,
    healer: 'renew' | 'create',
  ): Promise<void> => {
    await begin(beginning);
    const outcome = await runFailing(operation, fault);
    // A create that failed for good after it had written the record could not set the policy: its caller was told.
    const isWhole = operation !== 'create' || outcome?.error === undefined;
    const record = await (isWhole ? expectWhole() : expectUsable());
    if (outcome?.answer) expect(record?.identityId).toBe(outcome.answer.identityId);
    if (!record) return expectClean(record);
    const { identityId } = await machines(harness)[healer](key);
    const healed = await expectWhole();
    expect(healed?.identityId).toBe(identityId);
    return expectClean(healed);
  };

  test(
    'leaves a usable session or none, whole at the latest with the next renewal or create, and nothing that the cleanup does not find',
    async () => {
      const next = fc.constantFrom('renew', 'create');
      const begun = fc.tuple(chosenBeginning, fc.constantFrom(...operations));
      await fc.assert(fc.asyncProperty(begun, faults, next, expectHealed), { numRuns: 10 * thoroughness });
    },
    timeout,
  );

  const refused: Omit<Fault, 'call'> = { when: 'before', code: ['AccessDenied', 403], times: 1 };
  // GetItem, GetOpenIdToken, PutItem; then the policy is set: GetItem, SetQueueAttributes, GetItem. Two steps to a call.
  test.each([7, 9, 11])('leaves a usable session when step %i of a refresh is refused', (call) =>
    expectHealed(['expired', 'create'], { ...refused, call }, 'renew'),
  );

  test.each(['renew', 'create'] as const)(
    'is put right by the next %s when the policy could not be set',
    async (healer) => {
      await begin('live');
      harness.on('before SetQueueAttributes', fault('AccessDenied', 403));
      const [outcome] = await runAll(['create'], () => 0);
      const [record] = await harness.records();
      expect(outcome).toMatchObject({ error: 'UpstreamFailed' });
      expect(await harness.opensTo(record?.queueUrl ?? '')).toContain(nameOf(record?.nameSeed));
      expect(await harness.opensTo(record?.queueUrl ?? '')).not.toContain(nameOf(record?.nextNameSeed));
      await machines(harness)[healer](key);
      await expectClean(await expectWhole());
    },
  );

  test('is put right by the next create when its identity has vanished', async () => {
    const session = await begin('live');
    await harness.deleteIdentities();
    await expect(machines(harness).renew(key)).rejects.toMatchObject({ name: 'SessionNotFound' });
    const { sqsUrl } = await machines(harness).create(key);
    expect(sqsUrl).toBe(session?.queueUrl);
    await expectClean(await expectWhole());
  });
});
