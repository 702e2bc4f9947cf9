import type { CognitoIdentityClient, SQSClient } from '../aws/clients.ts';
import { chunks, forEachAtOnce } from '../aws/concurrency.ts';
import type { Environment } from '../aws/environment.ts';
import { Failure } from '../aws/errors.ts';
import { retry } from '../aws/retry.ts';
import type { Host } from '../aws/task.ts';
import { newTally } from '../cleanup/sweep-result.ts';
import { removeIdentities } from '../cleanup/unused-identities.ts';
import { identitiesPerCall, makeIdentity, type IdentityContext } from '../sessions/identities.ts';
import { addPair, claimPair, type ListedPair, type Pair, type PairTable } from '../sessions/pairs.ts';
import { newQueueName, createQueue, deleteQueue, queuePolicy, type QueuePolicyContext } from '../sessions/queues.ts';

export interface PoolTools extends Host {
  readonly pairs: PairTable;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
  /** 128 random bits in hex. */
  readonly randomName: () => string;
  /** Epoch milliseconds after which nothing is begun. */
  readonly deadline: number;
  readonly generation: string;
}

/** What pairs are made with. */
export type PoolContext = IdentityContext &
  QueuePolicyContext &
  Environment<'queuePrefix' | 'queueArnPrefix' | 'messageRetention' | 'gracePeriod'>;

/**
 * Pairs made in a round of at least a second: of Cognito's 25 GetId a second (default quota of an account and Region) this leaves five
 * to creates that find no pair. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const pairsPerRound = 20;
/** Milliseconds until a new queue can be used: "wait at least one second" (CreateQueue in SQS's API reference). */
const newQueueTime = 1000;
/** How many pairs are removed at once. */
const maxConcurrency = 10;

/** Makes and removes the pairs of a pool. */
export class Pool {
  readonly #tools: PoolTools;
  readonly #context: PoolContext;

  constructor(tools: PoolTools, context: PoolContext) {
    this.#tools = tools;
    this.#context = context;
  }

  /**
   * Makes so many pairs, or fewer when the time is up. A pair is free when its queue can be used.
   * @returns how many were made
   * @throws the failure of a pair that could not be made, when the others of its round are free
   */
  async fill(missing: number): Promise<number> {
    let made = 0;
    while (made < missing && this.#goOn()) {
      const count = Math.min(pairsPerRound, missing - made);
      const round = await Promise.allSettled(Array.from({ length: count }, () => this.#makePair()));
      await this.#tools.delay(newQueueTime);
      const pairs = round.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      await Promise.all(pairs.map((pair) => this.#add(pair)));
      const failed = round.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      made += pairs.length;
    }
    return made;
  }

  /**
   * Takes pairs as a session would, and deletes their queues and identities. What cannot be deleted after its pair was taken is an
   * orphan, which the cleanup removes.
   * @returns how many queues were removed
   */
  async drain(listed: readonly ListedPair[]): Promise<number> {
    let removed = 0;
    for (const some of chunks(listed, identitiesPerCall)) {
      if (!this.#goOn()) break;
      const identityIds: string[] = [];
      await forEachAtOnce(some, maxConcurrency, async (one) => {
        const identityId = await this.#remove(one);
        if (identityId !== undefined) identityIds.push(identityId);
      });
      await removeIdentities(this.#tools, identityIds, newTally());
      removed += identityIds.length;
    }
    return removed;
  }

  #goOn(): boolean {
    return this.#tools.now() < this.#tools.deadline;
  }

  /** Takes a pair and deletes its queue. Returns its identity, which must be deleted too. */
  async #remove(listed: ListedPair): Promise<string | undefined> {
    const { pairs, sqs, now, log } = this.#tools;
    try {
      const pair = await claimPair(pairs, listed, { now: now(), gracePeriod: Number(this.#context.gracePeriod) });
      if (pair) await retry(() => deleteQueue(sqs, pair.queueUrl), this.#tools);
      return pair?.identityId;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn('PAIR_NOT_REMOVED', { failure: error.name });
      return undefined;
    }
  }

  async #makePair(): Promise<{ readonly pair: Pair; readonly queueName: string }> {
    const { cognito, sqs, randomName } = this.#tools;
    const seeds = { nameSeed: randomName(), nextNameSeed: randomName() };
    const queueName = newQueueName(this.#context.queuePrefix, seeds.nameSeed);
    const { identityId } = await retry(() => makeIdentity(cognito, this.#context, queueName), this.#tools);
    const policy = queuePolicy(this.#context.queueArnPrefix + queueName, { identityId, ...seeds }, this.#context);
    const queue = { name: queueName, policy, retention: Number(this.#context.messageRetention) };
    const queueUrl = await retry(() => createQueue(sqs, queue), this.#tools);
    return { pair: { identityId, ...seeds, queueUrl }, queueName };
  }

  #add(made: { readonly pair: Pair; readonly queueName: string }): Promise<void> {
    const { pairs, generation, now } = this.#tools;
    return retry(() => addPair(pairs, generation, made, now()), this.#tools);
  }
}
