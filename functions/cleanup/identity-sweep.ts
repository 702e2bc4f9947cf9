import type { CognitoIdentityClient } from '../aws/clients.ts';
import { chunks } from '../aws/concurrency.ts';
import { retry } from '../aws/retry.ts';
import type { Host } from '../aws/task.ts';
import { identitiesPerCall } from '../sessions/identities.ts';
import { readInUse, type PairTable } from '../sessions/pairs.ts';
import { shards, type SessionTable } from '../sessions/session-record.ts';
import { listIdentities } from './identities.ts';
import { readShard } from './shard-index.ts';
import type { Tally } from './sweep-result.ts';
import { removeIdentities } from './unused-identities.ts';

interface SweepTools extends Host {
  readonly table: SessionTable;
  /** Undefined where there is no pool. */
  readonly pairs: PairTable | undefined;
  readonly cognito: CognitoIdentityClient;
  readonly poolId: string;
  /** Epoch milliseconds after which nothing is begun. */
  readonly deadline: number;
  /** Epoch milliseconds; identities that are younger stay. */
  readonly cutoff: number;
}

/** Identities removed at a time: 100 calls, which Cognito's 10 a second let through in ten seconds. */
const maxCandidates = 100 * identitiesPerCall;

/** A part of the pool: the old identities that nothing had, and where the next part begins unless that was all. */
interface Part {
  readonly candidates: readonly string[];
  readonly next: string | undefined;
}

/**
 * Goes through a pool part by part: lists identities for at most half of the time that is left, checks that neither a session nor a pair
 * has them, and deletes them. Cognito lists 300 a second (5 calls of 60), so a large pool takes several cleanups.
 */
export class IdentitySweep {
  readonly #tools: SweepTools;
  readonly #tally: Tally;

  constructor(tools: SweepTools, tally: Tally) {
    this.#tools = tools;
    this.#tally = tally;
  }

  /**
   * @param token where an earlier sweep stopped
   * @param remember called after each part with where the next one begins; with nothing after the last
   * @returns whether the end of the pool was reached
   */
  async run(token: string | undefined, remember: (token: string | undefined) => Promise<void>): Promise<boolean> {
    let from = token;
    do {
      const part = await this.#list(from);
      if (!part || !(await this.#remove(part.candidates))) return false;
      from = part.next;
      await remember(from);
    } while (from !== undefined && this.#goOn());
    return from === undefined;
  }

  #goOn(): boolean {
    return this.#tools.now() < this.#tools.deadline;
  }

  /** @returns undefined when there was no time to read the sessions */
  async #list(token: string | undefined): Promise<Part | undefined> {
    const { now, deadline, cutoff, cognito, poolId } = this.#tools;
    const until = now() + (deadline - now()) / 2;
    const candidates: string[] = [];
    let used: Set<string> | undefined;
    let next = token;
    do {
      const from = next;
      const page = await retry(() => listIdentities(cognito, poolId, from), this.#tools);
      const old = page.identities.filter(({ created }) => created < cutoff).map(({ identityId }) => identityId);
      if (old.length > 0) used ??= await this.#readUsed();
      if (old.length > 0 && !used) return undefined;
      candidates.push(...old.filter((identityId) => !used?.has(identityId)));
      next = page.next;
    } while (next !== undefined && candidates.length < maxCandidates && now() < until);
    return { candidates, next };
  }

  /**
   * Deletes the candidates that still no session has: the index lags behind the table, so it is read twice.
   * @returns whether there was time for all of them
   */
  async #remove(candidates: readonly string[]): Promise<boolean> {
    if (candidates.length === 0) return true;
    const used = await this.#readUsed();
    if (!used) return false;
    const unused = candidates.filter((identityId) => !used.has(identityId));
    for (const some of chunks(unused, identitiesPerCall)) {
      if (!this.#goOn()) return false;
      await removeIdentities(this.#tools, some, this.#tally);
    }
    return true;
  }

  /** The identities of all sessions, and those of pairs that wait for one; undefined when there was no time for it. */
  async #readUsed(): Promise<Set<string> | undefined> {
    const used = new Set<string>();
    for (const shard of shards) {
      const sessions = await readShard(this.#tools.table, shard, () => this.#goOn());
      if (!sessions) return undefined;
      for (const { identityId } of sessions) used.add(identityId);
    }
    const { pairs, cutoff } = this.#tools;
    const pooled = pairs ? await readInUse(pairs, Math.floor(cutoff / 1000)) : [];
    for (const { identityId } of pooled) used.add(identityId);
    return used;
  }
}
