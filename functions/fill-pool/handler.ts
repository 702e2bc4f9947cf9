import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { openCognito, openSqs } from '../aws/clients.ts';
import { queuePolicyVariables, type Environment } from '../aws/environment.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { task } from '../aws/task.ts';
import { generationOf, isOfGeneration, openPairTable, readFree } from '../sessions/pairs.ts';
import { holdLease } from './lease.ts';
import { Pool, type PoolContext, type PoolTools } from './pool.ts';

const inputSchema = z.object({ execution: z.string(), started: z.iso.datetime() });

type Dependencies = Omit<PoolTools, 'deadline' | 'generation'> & { readonly measures: Measures };

/** How long one call makes and removes pairs, in milliseconds. The last round may take a few seconds more. */
const timeBudget = 30_000;
/** How long a call may hold the pool: longer than the function may run, in milliseconds. */
const leaseTime = 60_000;
/** How long an execution goes on while the pool is in use, in milliseconds; an Express execution ends after five minutes. */
const maxExecution = 200_000;
/**
 * Seconds after which a pair is replaced. SQS used to reserve the right to delete a queue without activity for 30 days (DeleteQueue in
 * its API reference of 2015). So a pair whose queue was deleted by hand does not stay in the pool for ever either.
 */
const maxAge = 7 * 24 * 3600;

export interface FilledPool {
  /** Pairs that were free at the beginning. */
  readonly free: number;
  readonly made: number;
  readonly removed: number;
  /** Whether the pool was in use, so that the execution looks again soon. */
  readonly again: boolean;
}

const untouched: FilledPool = { free: 0, made: 0, removed: 0, again: false };

/**
 * Makes as many pairs as the pool lacks, then removes those that are too many, too old, or made with what the stack no longer has. Does
 * nothing while another execution does it.
 * @throws Throttled, UpstreamUnavailable or UpstreamFailed when a pair can be neither made nor removed
 */
export const handle =
  ({ measures, ...tools }: Dependencies, environment: PoolContext & Environment<'poolGeneration' | 'poolSize'>) =>
  async (input: unknown): Promise<FilledPool> => {
    const { execution: holder, started } = inputSchema.parse(input);
    const { pairs, now, log } = tools;
    const begun = now();
    if (!(await holdLease(pairs, { holder, until: begun + leaseTime }, begun))) return untouched;
    const generation = generationOf(environment.poolGeneration);
    const all = await readFree(pairs);
    const usable = all.filter((pair) => isOfGeneration(pair, generation) && pair.createdAt + maxAge > begun / 1000);
    const size = Number(environment.poolSize);
    const kept = new Set(usable.slice(0, size));
    measures.pairsFree(usable.length);
    measures.publish();
    const pool = new Pool({ ...tools, generation, deadline: begun + timeBudget }, environment);
    const made = await pool.fill(size - usable.length);
    const removed = await pool.drain(all.filter((pair) => !kept.has(pair)));
    const again = made + removed > 0 && now() < Date.parse(started) + maxExecution;
    if (!again) await holdLease(pairs, { holder, until: 0 }, now());
    log.info('POOL_FILLED', { free: usable.length, made, removed });
    return { free: usable.length, made, removed, again };
  };

export const handler = task(
  'fill-pool',
  [
    ...queuePolicyVariables,
    'pairTableName',
    'identityPoolId',
    'developerProvider',
    'queuePrefix',
    'queueArnPrefix',
    'messageRetention',
    'gracePeriod',
    'poolGeneration',
    'poolSize',
  ],
  ({ environment, ...host }) =>
    handle(
      {
        ...host,
        pairs: openPairTable(environment.pairTableName),
        sqs: openSqs(),
        cognito: openCognito(),
        randomName: () => randomBytes(16).toString('hex'),
        measures: createMeasures(),
      },
      environment,
    ),
);
