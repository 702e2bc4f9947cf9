import { forEachAtOnce } from '../messages/concurrency.ts';
import { Failure } from './failures.ts';
import { identitiesPerCall, type Identities } from './identities.ts';
import type { Pause } from './patience.ts';
import { identityOf } from './policies.ts';
import { isQueueOf, queueNameOf, shardPrefix } from './queue-names.ts';
import { deleteQueue, listQueues, readQueue, type Queues } from './queues.ts';
import { readShard, removeExpired, type IndexEntry, type SessionTable } from './session-table.ts';
import { newTally } from './sweep-result.ts';
import type { Log } from './task.ts';
import { chunks, removeIdentities } from './unused-identities.ts';

interface SweepTools {
  readonly table: SessionTable;
  readonly queues: Queues;
  readonly identities: Identities;
  readonly pause: Pause;
  readonly log: Log;
  /** Whether there is still time. */
  readonly goOn: () => boolean;
}

export interface ShardBounds {
  readonly queuePrefix: string;
  readonly shard: string;
  /** Epoch seconds; what is younger stays. */
  readonly cutoff: number;
}

/** A queue that no session seems to have. */
interface Orphan {
  readonly queueUrl: string;
  readonly identityId?: string | undefined;
}

/** How many sessions or queues are worked on at once. */
const width = 10;

/** Removes a shard's sessions and queues, two calls for each, and counts them. */
export class ShardSweep {
  readonly tally = newTally();
  readonly #tools: SweepTools;

  constructor(tools: SweepTools) {
    this.#tools = tools;
  }

  /** Removes sessions that are as the index has them, each with its queue and identity. */
  async removeSessions(expired: readonly IndexEntry[]): Promise<void> {
    await this.#removeWithIdentities(expired, async (entry, unused) => {
      if (!(await removeExpired(this.#tools.table, entry))) return;
      this.tally.sessionsRemoved += 1;
      unused.push(entry.identityId);
      await this.#removeQueue(entry.queueUrl);
    });
  }

  /**
   * Removes the shard's queues that no session has. The index lags behind the table, so it must have missed a queue's
   * session twice, at the beginning and after everything else was looked at, before the queue is deleted.
   */
  async removeOrphans(bounds: ShardBounds, sessions: readonly IndexEntry[]): Promise<void> {
    const { table, goOn } = this.#tools;
    const orphans = await this.#findOrphans(bounds, queueNames(sessions));
    if (orphans.length === 0) return;
    const again = await readShard(table, bounds.shard, goOn);
    if (!again) {
      this.tally.complete = false;
      return;
    }
    const named = queueNames(again);
    const confirmed = orphans.filter(({ queueUrl }) => !named.has(queueNameOf(queueUrl)));
    await this.#removeWithIdentities(confirmed, async ({ queueUrl, identityId }, unused) => {
      await this.#removeQueue(queueUrl);
      if (identityId !== undefined) unused.push(identityId);
    });
  }

  async #findOrphans({ queuePrefix, shard, cutoff }: ShardBounds, named: ReadonlySet<string>): Promise<Orphan[]> {
    const { queues, goOn } = this.#tools;
    const urls = await listQueues(queues, shardPrefix(queuePrefix, shard), goOn);
    if (!urls) this.tally.complete = false;
    const ours = (urls ?? []).filter((url) => isQueueOf(queuePrefix, shard, queueNameOf(url)));
    const orphans: Orphan[] = [];
    await this.#forEach(
      ours.filter((url) => !named.has(queueNameOf(url))),
      async (queueUrl) => {
        const queue = await readQueue(queues, queueUrl);
        if (queue && queue.created < cutoff) orphans.push({ queueUrl, identityId: identityOf(queue.policy) });
      },
    );
    return orphans;
  }

  async #removeQueue(queueUrl: string): Promise<void> {
    await deleteQueue(this.#tools.queues, queueUrl);
    this.tally.queuesRemoved += 1;
  }

  /** Removes things as many at a time as DeleteIdentities takes, so that few identities are left when time runs out. */
  async #removeWithIdentities<T>(
    items: readonly T[],
    remove: (item: T, unused: string[]) => Promise<void>,
  ): Promise<void> {
    for (const some of chunks(items, identitiesPerCall)) {
      const unused: string[] = [];
      await this.#forEach(some, (item) => remove(item, unused));
      await removeIdentities(this.#tools, unused, this.tally);
    }
  }

  /** Does what there is time for; what fails or is not begun makes the sweep incomplete. */
  async #forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    await forEachAtOnce(items, width, async (item) => {
      if (!this.#tools.goOn()) {
        this.tally.complete = false;
        return;
      }
      try {
        await work(item);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.#tools.log.warn('SWEEP_STEP_FAILED', { failure: error.name });
        this.tally.complete = false;
      }
    });
  }
}

function queueNames(sessions: readonly IndexEntry[]): ReadonlySet<string> {
  return new Set(sessions.map(({ queueUrl }) => queueNameOf(queueUrl)));
}
