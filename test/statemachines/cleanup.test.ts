import { describeMachine, fails } from './scenarios.ts';

const history = { restored: false, since: 5, settled: true };
const plan = { shards: ['0', '1', '2'], deadline: 1_000, ...history };
/** What Sweep Identities is given besides. */
const given = { deadline: 1_000, restored: false, settled: true };
const swept = { sessionsRemoved: 1, queuesRemoved: 1, identitiesRemoved: 2, complete: true };
const skipped = { sessionsRemoved: 0, queuesRemoved: 0, identitiesRemoved: 0, complete: false };
const answer = { sessionsRemoved: 3, queuesRemoved: 3, identitiesRemoved: 6, complete: true };
const all = { 'Plan Cleanup': plan, 'Sweep Shard': swept, 'Sweep Identities': answer };
const failed = 'Err: Cleanup Failed';
const shards = '[Sweep Shard | Sweep Shard | Sweep Shard]';

/** Every call but the first of each shard succeeds. */
const onceEach = (name: string) => [fails(name), fails(name), fails(name), swept, swept, swept];

/** A shard's failures are caught inside; what is left, States.Runtime and States.DataLimitExceeded, States.ALL does not catch. */
const unreachable = ['"Sweep Shards" catches States.ALL'];

const scenarios = {
  'sweeps each shard, then the identities, and answers the sum': {
    input: { budgetSeconds: 20 },
    tasks: all,
    given: {
      'Plan Cleanup': { request: { budgetSeconds: 20 } },
      'Sweep Shard': { shard: '2', deadline: 1_000, ...history },
      'Sweep Identities': { swept: [swept, swept, swept], ...given },
    },
    path: `Plan Cleanup > Sweep Shards ${shards} > Sweep Identities > Cleanup Done`,
    output: answer,
  },
  'sweeps no shard when the plan has none': {
    tasks: { 'Plan Cleanup': { ...plan, shards: [] }, 'Sweep Identities': skipped },
    given: { 'Sweep Identities': { swept: [], ...given } },
    path: 'Plan Cleanup > Sweep Shards > Sweep Identities > Cleanup Done',
    output: skipped,
  },
  'skips a shard that cannot be swept and sweeps the others': {
    tasks: {
      ...all,
      'Sweep Shard': ({ shard }: { shard: string }) => (shard === '1' ? fails('UpstreamFailed') : swept),
    },
    given: { 'Sweep Identities': { swept: [swept, skipped, swept], ...given } },
    path: 'Plan Cleanup > Sweep Shards [Sweep Shard | Sweep Shard > Skip Shard | Sweep Shard] > Sweep Identities > Cleanup Done',
    output: answer,
  },
  'goes on after throttling of every task': {
    tasks: {
      'Plan Cleanup': [fails('Lambda.TooManyRequestsException'), plan],
      'Sweep Shard': onceEach('Throttled'),
      'Sweep Identities': [fails('UpstreamUnavailable'), answer],
    },
    path: 'Plan Cleanup x2 > Sweep Shards [Sweep Shard x2 | Sweep Shard x2 | Sweep Shard x2] > Sweep Identities x2 > Cleanup Done',
    output: answer,
  },
  'goes on after a lost answer of every task': {
    tasks: {
      'Plan Cleanup': [fails('Lambda.Unknown'), plan],
      'Sweep Shard': onceEach('Sandbox.Timedout'),
      'Sweep Identities': [fails('States.Timeout'), answer],
    },
    path: 'Plan Cleanup x2 > Sweep Shards [Sweep Shard x2 | Sweep Shard x2 | Sweep Shard x2] > Sweep Identities x2 > Cleanup Done',
    output: answer,
  },
  'fails when the request is refused': {
    tasks: { 'Plan Cleanup': fails('InvalidRequest') },
    path: `Plan Cleanup > ${failed}`,
    error: 'InvalidRequest',
  },
  'fails when the identities cannot be swept': {
    tasks: { ...all, 'Sweep Identities': fails('Throttled') },
    path: `Plan Cleanup > Sweep Shards ${shards} > Sweep Identities x4 > ${failed}`,
    error: 'Throttled',
  },
};

describeMachine('cleanup', scenarios, unreachable);
