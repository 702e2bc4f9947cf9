import * as z from 'zod/mini';
import { AwsFault, type Action } from './aws-server.ts';

const idsSchema = z.array(z.string());

/** A pool's guest identities; the clock in epoch milliseconds. */
export class IdentitiesFake {
  /** When each was made, in epoch milliseconds. */
  readonly identities = new Map<string, number>();
  /** Names identities that DeleteIdentities does not get to, each with its reason, once for each time it is asked. */
  unprocessed: (identityId: string) => 'AccessDenied' | 'InternalServerError' | undefined = () => undefined;
  readonly #now: () => number;
  readonly #users = new Map<string, string>();
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly actions: Readonly<Record<string, Action>> = {
    GetId: () => ({ IdentityId: this.add() }),
    GetOpenIdToken: ({ IdentityId }) => {
      if (!this.identities.has(String(IdentityId))) throw new AwsFault('ResourceNotFoundException');
      return { IdentityId, Token: `token of ${String(IdentityId)}` };
    },
    GetOpenIdTokenForDeveloperIdentity: ({ IdentityId, Logins }) => {
      const user = JSON.stringify(Logins);
      const known = (typeof IdentityId === 'string' ? IdentityId : undefined) ?? this.#users.get(user);
      if (known !== undefined && !this.identities.has(known)) throw new AwsFault('ResourceNotFoundException');
      const id = known ?? this.add();
      this.#users.set(user, id);
      return { IdentityId: id, Token: `token of ${id}` };
    },
    DeleteIdentities: ({ IdentityIdsToDelete }) => {
      const ids = idsSchema.parse(IdentityIdsToDelete);
      if (ids.length < 1 || ids.length > 60) throw new AwsFault('InvalidParameterException');
      const left = ids.flatMap((id) => {
        const code = this.unprocessed(id);
        if (code === undefined) this.identities.delete(id);
        return code === undefined ? [] : [{ IdentityId: id, ErrorCode: code }];
      });
      return { UnprocessedIdentityIds: left };
    },
    ListIdentities: ({ MaxResults, NextToken }) => {
      const all = [...this.identities];
      const start = Number(NextToken ?? 0);
      const end = start + Math.min(Number(MaxResults), 60);
      const some = all.slice(start, end).map(([id, made]) => ({ IdentityId: id, CreationDate: made / 1000 }));
      return { Identities: some, ...(end < all.length && { NextToken: String(end) }) };
    },
  };

  /** Makes an identity. @param created epoch milliseconds */
  add(created = this.#now()): string {
    this.#made += 1;
    const id = `eu-west-1:00000000-0000-0000-0000-${this.#made.toString(16).padStart(12, '0')}`;
    this.identities.set(id, created);
    return id;
  }
}
