import { randomUUID } from 'node:crypto';
import type { EpochMilliseconds } from '../clock.ts';
import type { Entries, State } from '../persistence/state.ts';
import { numberKey } from '../persistence/state.ts';
import { AwsError } from '../service.ts';

export interface IdentityPool {
  readonly id: string;
  readonly name: string;
  readonly allowsGuests: boolean;
  readonly allowsClassicFlow: boolean;
  /** DeveloperProviderName: the name under which a backend logs its users in. */
  readonly developerProvider?: string;
}

export interface Identity {
  readonly id: string;
  readonly poolId: string;
  readonly created: EpochMilliseconds;
  /** The developer's user it belongs to; none for a guest. */
  readonly login?: Login;
}

/** A user as a developer provider knows it. */
export interface Login {
  readonly provider: string;
  readonly user: string;
}

export interface Page {
  readonly identities: readonly Identity[];
  /** Where the next page starts; undefined after the last. */
  readonly next: number | undefined;
}

const loginKey = (poolId: string, { provider, user }: Login): string => JSON.stringify([poolId, provider, user]);

/**
 * The pools and their identities. A user of a developer provider has one identity in a pool.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html
 * Assumed: identities are listed in the order they were made.
 */
export class Identities {
  readonly #pools = new Map<string, IdentityPool>();
  readonly #positions = new Map<string, number>();
  /** By position. A deleted identity leaves its position empty, so that a listing in progress skips nothing. */
  readonly #identities: (Identity | undefined)[] = [];
  /** Identities of developers' users, by pool, provider and user. */
  readonly #logins = new Map<string, string>();
  readonly #region: string;
  readonly #kept: Entries<Identity, Identity>;

  constructor(region: string, state: State) {
    this.#region = region;
    this.#kept = state.entries('cognito-identities', (identity: Identity) => identity);
    for (const [key, identity] of this.#kept.load()) this.#put(identity, Number(key));
  }

  addPool(pool: IdentityPool): void {
    this.#pools.set(pool.id, pool);
  }

  /** @throws AwsError ResourceNotFoundException */
  pool(id: string): IdentityPool {
    const pool = this.#pools.get(id);
    if (pool) return pool;
    throw new AwsError('ResourceNotFoundException', `IdentityPool '${id}' not found.`);
  }

  add(poolId: string, created: EpochMilliseconds, login?: Login): Identity {
    const identity = { id: `${this.#region}:${randomUUID()}`, poolId, created, ...(login && { login }) };
    const position = this.#identities.length;
    this.#put(identity, position);
    this.#kept.put(numberKey(position), identity);
    return identity;
  }

  /** @throws AwsError ResourceNotFoundException */
  identity(id: string): Identity {
    const identity = this.#identities[this.#positions.get(id) ?? -1];
    if (identity) return identity;
    throw new AwsError('ResourceNotFoundException', `Identity '${id}' not found.`);
  }

  /** The identity of a developer's user; undefined before it has one. */
  ofUser(poolId: string, login: Login): Identity | undefined {
    const id = this.#logins.get(loginKey(poolId, login));
    return id === undefined ? undefined : this.identity(id);
  }

  /** Assumed: an identity that does not exist counts as deleted. */
  delete(id: string): void {
    const position = this.#positions.get(id);
    if (position === undefined) return;
    const { poolId, login } = this.identity(id);
    if (login) this.#logins.delete(loginKey(poolId, login));
    this.#identities[position] = undefined;
    this.#positions.delete(id);
    this.#kept.remove(numberKey(position));
  }

  list(poolId: string, start: number, length: number): Page {
    const found: Identity[] = [];
    let position = start;
    for (; position < this.#identities.length && found.length < length; position++) {
      const identity = this.#identities[position];
      if (identity?.poolId === poolId) found.push(identity);
    }
    return { identities: found, next: position < this.#identities.length ? position : undefined };
  }

  #put(identity: Identity, position: number): void {
    const { id, poolId, login } = identity;
    if (login) this.#logins.set(loginKey(poolId, login), id);
    this.#positions.set(id, position);
    this.#identities[position] = identity;
  }
}
