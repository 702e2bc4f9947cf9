import type { FaultError } from '../../local/faults.ts';
import type { Description, World } from './world.ts';

/** What is done to a session while a task fails, and the tasks it goes through. */
export interface Operation {
  readonly name: string;
  readonly route: 'create' | 'renew' | 'destroy';
  /** Whether there is a session before. */
  readonly onExisting: boolean;
  readonly tasks: readonly string[];
}

export const operations: readonly Operation[] = [
  {
    name: 'create',
    route: 'create',
    onExisting: false,
    tasks: ['FindSession', 'MakeIdentity', 'IssueKeys', 'MakeQueue', 'RecordSession'],
  },
  {
    name: 'create (refresh)',
    route: 'create',
    onExisting: true,
    tasks: ['FindSession', 'MakeIdentity', 'IssueKeys', 'RecordSession', 'SetPolicy', 'TidyUp'],
  },
  { name: 'renew', route: 'renew', onExisting: true, tasks: ['FindSession', 'IssueKeys', 'SetPolicy', 'RecordKeys'] },
  {
    name: 'destroy',
    route: 'destroy',
    onExisting: true,
    tasks: ['FindSession', 'RemoveRecord', 'DeleteQueue', 'DeleteIdentity'],
  },
];

export const faults: readonly { readonly name: string; readonly error: FaultError }[] = [
  { name: 'service exception', error: { name: 'UpstreamUnavailable', message: 'injected' } },
  { name: 'timeout', error: 'timeout' },
  { name: 'throttled', error: { name: 'Throttled', message: 'injected' } },
  { name: 'access denied', error: { name: 'UpstreamFailed', message: 'injected' } },
  { name: 'killed', error: 'killed' },
];

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
  /** The session as a backend and a browser find it afterwards. */
  readonly session: 'whole' | 'none' | 'broken';
  /** Queues and identities left for the cleanup. */
  readonly left: readonly ('queue' | 'identity')[];
}

/** Whether the session answers, with keys that work. */
const sessionAfter = async (world: World, path: string): Promise<Outcome['session']> => {
  const { status, body } = await world.call<Description>(`/status/${path}`);
  if (status === 404) return 'none';
  return status === 200 && (await world.keysWork(body)) ? 'whole' : 'broken';
};

/**
 * Make Queue runs beside Issue Keys and may still be at work when the create has failed; answers how to wait for the queue
 * that an execution has begun to make.
 */
const watchQueue = (world: World): (() => Promise<void>) => {
  const { promise: made, resolve } = Promise.withResolvers<undefined>();
  let isBegun = false;
  const stopCalls = world.runtime.calls.on(({ action }) => {
    if (action === 'CreateQueue') resolve(undefined);
  });
  const stopExecutions = world.runtime.executions.on(({ events }) => {
    isBegun ||= events.some((event) => event.type === 'StateEntered' && event.state.name === 'Make Queue');
  });
  return async () => {
    stopExecutions();
    if (isBegun) await made;
    stopCalls();
  };
};

/** Does the operation while the task fails, every time it is tried or only the first. */
export const runCase = async (
  world: World,
  { operation, task, when, fault }: Case,
  { accountId, times }: { readonly accountId: number; readonly times?: number },
): Promise<Outcome> => {
  const path = `${accountId}/session`;
  if (operation.onExisting) await world.create(accountId, 'session');
  const before = await world.orphans();
  const queueSettled = watchQueue(world);
  const remove = world.runtime.faults.add({
    function: task,
    when,
    error: fault.error,
    ...(times !== undefined && { times }),
  });
  const { status } = await world.call(`/${operation.route}/${path}`);
  remove();
  if (task === 'IssueKeys') await queueSettled();
  const after = await world.orphans();
  return {
    status,
    session: await sessionAfter(world, path),
    left: [
      ...(after.queues.length > before.queues.length ? (['queue'] as const) : []),
      ...(after.identities.length > before.identities.length ? (['identity'] as const) : []),
    ],
  };
};

const cell = ({ task, operation }: Case, { status, session, left: found }: Outcome): string => {
  // Whether the queue that is made beside the failing task is made in time to be deleted at once is a matter of luck.
  const left = task === 'IssueKeys' && !operation.onExisting ? ['at times a queue'] : found;
  const remains = session === 'whole' ? 'the session' : 'nothing';
  return `${status}; ${remains}${left.length > 0 ? `, ${left.join(' and ')} until the cleanup` : ''}`;
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
