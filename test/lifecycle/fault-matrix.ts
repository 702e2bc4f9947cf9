import type { FaultError } from 'aws-template-emulator';
import type { Session } from '../../client/shared/session.ts';
import type { ServiceHarness } from './service-harness.ts';

/** What is done to a session while a task fails, and the tasks it goes through. */
export interface Operation {
  readonly name: string;
  readonly route: 'create' | 'renew' | 'destroy';
  /** Whether there is a session before. */
  readonly onExisting: boolean;
  readonly tasks: readonly string[];
  /** A task that fails for good besides, before its effect or after it: Undo Create has something to undo then. */
  readonly spoiled?: { readonly task: string; readonly when: 'before' | 'after' };
}

export const operations: readonly Operation[] = [
  {
    name: 'create',
    route: 'create',
    onExisting: false,
    tasks: ['StartCreate', 'IssueKeys', 'MakeQueue', 'RecordSession'],
  },
  {
    name: 'create (refresh)',
    route: 'create',
    onExisting: true,
    tasks: ['StartCreate', 'IssueKeys', 'RecordSession', 'SetPolicy'],
  },
  {
    name: 'renew',
    route: 'renew',
    onExisting: true,
    tasks: ['FindSession', 'IssueKeys', 'SetPolicy', 'RecordRenewal'],
  },
  {
    name: 'destroy',
    route: 'destroy',
    onExisting: true,
    tasks: ['FindSession', 'RemoveRecord', 'DeleteQueue', 'DeleteIdentity'],
  },
  {
    name: 'create, failed at MakeQueue',
    route: 'create',
    onExisting: false,
    tasks: ['UndoCreate'],
    spoiled: { task: 'MakeQueue', when: 'after' },
  },
];

export const faults: readonly { readonly name: string; readonly error: FaultError }[] = [
  { name: 'service exception', error: { name: 'UpstreamUnavailable', message: 'injected' } },
  { name: 'timeout', error: 'timeout' },
  { name: 'throttled', error: { name: 'Throttled', message: 'injected' } },
  { name: 'access denied', error: { name: 'UpstreamFailed', message: 'injected' } },
  { name: 'killed', error: 'killed' },
];

const lasting: FaultError = { name: 'UpstreamFailed', message: 'injected' };

export interface Case {
  readonly operation: Operation;
  readonly task: string;
  readonly when: 'before' | 'after';
  readonly fault: (typeof faults)[number];
}

export const cases: readonly Case[] = operations.flatMap((operation) =>
  operation.tasks.flatMap((task) =>
    (['before', 'after'] as const).flatMap((when) => faults.map((fault) => ({ operation, task, when, fault }))),
  ),
);

export interface Outcome {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The session as a backend and a browser find it afterwards. */
  readonly session: 'whole' | 'none' | 'shut out' | 'broken';
  /** Queues and identities left for the cleanup. */
  readonly left: readonly ('queue' | 'identity')[];
}

/** Whether the session answers, with keys that work: the ones it has, or those of a renewal at the latest. */
export const sessionAfter = async (harness: ServiceHarness, path: string): Promise<Outcome['session']> => {
  const { status, body } = await harness.call<Session>(`/status/${path}`);
  if (status === 404) return 'none';
  if (status === 200 && (await harness.keysWork(body))) return 'whole';
  const renewed = await harness.call<Session>(`/renew/${path}`);
  return renewed.status === 200 && (await harness.keysWork(renewed.body)) ? 'shut out' : 'broken';
};

/**
 * Make Queue runs beside Issue Keys and may still be at work when the create has failed; answers how to wait for the queue
 * that an execution has begun to make.
 */
const watchQueue = (harness: ServiceHarness): (() => Promise<void>) => {
  const { promise: made, resolve } = Promise.withResolvers<undefined>();
  let isBegun = false;
  const stopCalls = harness.runtime.calls.on(({ action }) => {
    if (action === 'CreateQueue') resolve(undefined);
  });
  const stopExecutions = harness.runtime.executions.on(({ events }) => {
    isBegun ||= events.some((event) => event.stateEnteredEventDetails?.name === 'Make Queue');
  });
  return async () => {
    stopExecutions();
    if (isBegun) await made;
    stopCalls();
  };
};

/** Does the operation while the task fails, every time it is tried or only the first. */
export const fail = async (
  harness: ServiceHarness,
  { operation, task, when, fault }: Case,
  { path, times }: { readonly path: string; readonly times?: number },
): Promise<Pick<Outcome, 'status' | 'retryAfter'>> => {
  const { faults: injected } = harness.runtime;
  const { spoiled } = operation;
  const removers = [injected.add({ function: task, when, error: fault.error, ...(times !== undefined && { times }) })];
  if (spoiled) removers.push(injected.add({ function: spoiled.task, when: spoiled.when, error: lasting }));
  const { status, headers } = await harness.call(`/${operation.route}/${path}`);
  for (const remove of removers) remove();
  return { status, retryAfter: headers.get('retry-after') };
};

/**
 * What a session is like afterwards when the task keeps failing, and what is left besides.
 * @param known what earlier cases have left; what this one leaves is added
 */
export const runCase = async (
  harness: ServiceHarness,
  one: Case,
  { accountId, known }: { readonly accountId: number; readonly known: Set<string> },
): Promise<Outcome> => {
  const { operation, task } = one;
  const path = `${accountId}/session`;
  if (operation.onExisting) await harness.create(accountId, 'session');
  const queueSettled = watchQueue(harness);
  const answer = await fail(harness, one, { path });
  if (task === 'IssueKeys') await queueSettled();
  const { queues, identities } = await harness.orphans();
  const isNew = (name: string): boolean => !known.has(name);
  const left = [
    ...(queues.some(isNew) ? (['queue'] as const) : []),
    ...(identities.some(isNew) ? (['identity'] as const) : []),
  ];
  for (const name of [...queues, ...identities]) known.add(name);
  return { ...answer, session: await sessionAfter(harness, path), left };
};

const cell = ({ task, operation }: Case, { status, session, left: found }: Outcome): string => {
  if (session === 'broken') return `${status}; a broken session`;
  // What is made or deleted beside the failing task may or may not be in time.
  const isBesideQueue = task === 'IssueKeys' && !operation.onExisting;
  const isBesideIdentity = task === 'DeleteQueue';
  const left = isBesideQueue
    ? ['at times a queue']
    : isBesideIdentity
      ? [...found.filter((each) => each === 'queue'), 'at times an identity']
      : found;
  const remains = { none: 'nothing', whole: 'the session', 'shut out': 'the session, shut out until renewed' };
  return `${status}; ${remains[session]}${left.length > 0 ? `, ${left.join(' and ')} until the cleanup` : ''}`;
};

/** The table of docs/lifecycle.md: a row for every task and moment, a column for every fault. */
export const faultTable = (results: readonly { readonly of: Case; readonly outcome: Outcome }[]): string => {
  const header = `| operation | task | fails | ${faults.map(({ name }) => name).join(' | ')} |`;
  const rule = `| --- | --- | --- |${faults.map(() => ' --- |').join('')}`;
  const rows = operations.flatMap((operation) =>
    operation.tasks.flatMap((task) =>
      (['before', 'after'] as const).map((when) => {
        const row = results.filter(({ of }) => of.operation === operation && of.task === task && of.when === when);
        const cells = faults
          .map((fault) => row.find(({ of }) => of.fault === fault))
          .map((one) => (one ? cell(one.of, one.outcome) : ''));
        return `| ${operation.name} | ${task} | ${when} its effect | ${cells.join(' | ')} |`;
      }),
    ),
  );
  return [header, rule, ...rows].join('\n');
};
