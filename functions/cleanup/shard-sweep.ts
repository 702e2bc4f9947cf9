import type { CognitoIdentityClient, SQSClient } from '../aws/clients.ts';
import { chunks, forEachAtOnce } from '../aws/concurrency.ts';
import { Failure } from '../aws/errors.ts';
import { identitiesPerCall } from '../sessions/identities.ts';
import { queueNameOf, deleteQueue } from '../sessions/queues.ts';
import type { SessionTable } from '../sessions/session-record.ts';
import { identityOf, isOfTable, type TableHistory } from './queue-evidence.ts';
import { isQueueOf, listQueues, readQueue, shardPrefix } from './queues.ts';
import { readShard, removeExpired, type IndexEntry } from './shard-index.ts';
import { newTally } from './sweep-result.ts';
import type { Host } from '../aws/task.ts';
import { removeIdentities } from './unused-identities.ts';

interface SweepTools extends Omit<Host, 'now'> {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
  /** Whether there is still time; `extra` milliseconds are added to the deadline. */
  readonly goOn: (extra?: number) => boolean;
}

export interface ShardBounds {
  readonly queuePrefix: string;
  readonly shard: string;
  /** Epoch seconds; what is younger stays. */
  readonly cutoff: number;
  readonly history: TableHistory & { readonly settled: boolean };
}

/** Items to work on. `extra` is how much longer than the deadline it may take, in milliseconds. */
interface Work<T> {
  readonly items: readonly T[];
  readonly extra: number;
}

/** How many sessions or queues are worked on at once. */
const maxConcurrency = 10;
/** How many queues are looked at before the index is read again for them. */
const orphansAtOnce = 120;
/** How much longer than the deadline the work on one orphan may take, in milliseconds. */
const overtime = 5000;

/** Removes a shard's sessions and queues, two calls for each, and counts them. */
export class ShardSweep {
  readonly tally = newTally();
  readonly #tools: SweepTools;

  constructor(tools: SweepTools) {
    this.#tools = tools;
  }

  /** Removes sessions that are as the index has them, each with its queue and identity. */
  async removeSessions(expired: readonly IndexEntry[]): Promise<void> {
    await this.#removeWithIdentities({ items: expired, extra: 0 }, async (entry, unused) => {
      if (!(await removeExpired(this.#tools.table, entry))) return;
      this.tally.sessionsRemoved += 1;
      unused.push(entry.identityId);
      await this.#removeQueue(entry.queueUrl);
    });
  }

  /**
   * Removes the shard's queues that neither a session nor the pool has. The index lags behind the table, so it is read twice, at the
   * beginning and after the queue was read. The queue is deleted only if no session was found both times.
   * @param inUse the names of the queues that sessions have, and of those that the pool has or gave away of late
   */
  async removeOrphans(bounds: ShardBounds, inUse: ReadonlySet<string>): Promise<void> {
    const { sqs, goOn } = this.#tools;
    const urls = await listQueues(sqs, shardPrefix(bounds.queuePrefix, bounds.shard), goOn);
    if (!urls) this.tally.complete = false;
    const ours = (urls ?? []).filter((url) => isQueueOf(bounds.queuePrefix, bounds.shard, queueNameOf(url)));
    const orphans = ours.filter((url) => !inUse.has(queueNameOf(url)));
    for (const some of chunks(orphans, orphansAtOnce)) {
      if (goOn()) await this.#removeSomeOrphans(bounds, some);
      else this.tally.complete = false;
    }
  }

  /**
   * Takes some extra time: a queue whose attributes were read but that was not deleted would cost another call in the next
   * cleanup.
   */
  async #removeSomeOrphans({ shard, cutoff, history }: ShardBounds, urls: readonly string[]): Promise<void> {
    const identities = new Map<string, string | undefined>();
    await this.#forEach({ items: urls, extra: overtime }, async (url) => {
      const queue = await readQueue(this.#tools.sqs, url);
      if (!queue || queue.created >= cutoff) return;
      if (history.settled || isOfTable(queue, this.#tools.table.name, history))
        identities.set(url, identityOf(queue.policy));
      else this.tally.complete = false;
    });
    if (identities.size === 0) return;
    const again = await readShard(this.#tools.table, shard, () => this.#tools.goOn(overtime));
    if (!again) {
      this.tally.complete = false;
      return;
    }
    const confirmed = withoutSession([...identities.keys()], again);
    await this.#removeWithIdentities({ items: confirmed, extra: overtime }, async (url, unused) => {
      await this.#removeQueue(url);
      const identityId = identities.get(url);
      if (identityId !== undefined) unused.push(identityId);
    });
  }

  async #removeQueue(queueUrl: string): Promise<void> {
    await deleteQueue(this.#tools.sqs, queueUrl);
    this.tally.queuesRemoved += 1;
  }

  /** Removes things as many at a time as DeleteIdentities takes, so that few identities are left when time runs out. */
  async #removeWithIdentities<T>(
    { items, extra }: Work<T>,
    remove: (item: T, unused: string[]) => Promise<void>,
  ): Promise<void> {
    for (const some of chunks(items, identitiesPerCall)) {
      const unused: string[] = [];
      await this.#forEach({ items: some, extra }, (item) => remove(item, unused));
      await removeIdentities(this.#tools, unused, this.tally);
    }
  }

  /** Works on several at once; what fails or is not begun for want of time makes the sweep incomplete. */
  async #forEach<T>({ items, extra }: Work<T>, work: (item: T) => Promise<void>): Promise<void> {
    await forEachAtOnce(items, maxConcurrency, async (item) => {
      if (!this.#tools.goOn(extra)) {
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

/** The queues that none of the sessions has. */
const withoutSession = (queueUrls: readonly string[], sessions: readonly IndexEntry[]): string[] => {
  const names = new Set(sessions.map(({ queueUrl }) => queueNameOf(queueUrl)));
  return queueUrls.filter((url) => !names.has(queueNameOf(url)));
};
