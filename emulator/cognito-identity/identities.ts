import { randomUUID } from 'node:crypto';
import type { EpochMilliseconds } from '../clock.ts';
import { AwsError } from '../service.ts';

export interface IdentityPool {
  readonly id: string;
  readonly name: string;
  readonly allowsGuests: boolean;
  readonly allowsClassicFlow: boolean;
}

export interface Identity {
  readonly id: string;
  readonly poolId: string;
  readonly created: EpochMilliseconds;
}

export interface Page {
  readonly identities: readonly Identity[];
  /** Where the next page starts; undefined after the last. */
  readonly next: number | undefined;
}

/** The pools and their identities, in the order they were made. */
export class Identities {
  readonly #pools = new Map<string, IdentityPool>();
  readonly #places = new Map<string, number>();
  /** By location; a deleted identity leaves its location empty, so that a listing under way skips nothing. */
  readonly #identities: (Identity | undefined)[] = [];
  readonly #region: string;

  constructor(region: string) {
    this.#region = region;
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

  add(poolId: string, created: EpochMilliseconds): Identity {
    const identity = { id: `${this.#region}:${randomUUID()}`, poolId, created };
    this.#places.set(identity.id, this.#identities.push(identity) - 1);
    return identity;
  }

  /** @throws AwsError ResourceNotFoundException */
  identity(id: string): Identity {
    const identity = this.#identities[this.#places.get(id) ?? -1];
    if (identity) return identity;
    throw new AwsError('ResourceNotFoundException', `Identity '${id}' not found.`);
  }

  /** What is not there is as good as deleted. */
  delete(id: string): void {
    const location = this.#places.get(id);
    if (location === undefined) return;
    this.#identities[location] = undefined;
    this.#places.delete(id);
  }

  list(poolId: string, start: number, length: number): Page {
    const found: Identity[] = [];
    let location = start;
    for (; location < this.#identities.length && found.length < length; location++) {
      const identity = this.#identities[location];
      if (identity?.poolId === poolId) found.push(identity);
    }
    return { identities: found, next: location < this.#identities.length ? location : undefined };
  }
}
