import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, EpochMilliseconds } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { Principal, RolePrincipal } from '../service.ts';

/** Temporary credentials as STS issues them. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expires: EpochMilliseconds;
}

/** The credentials of an access key id. */
export interface CredentialRecord {
  readonly principal: Principal;
  /** Undefined for the administrator's credentials, which never expire. */
  readonly expires?: EpochMilliseconds;
  hasToken(token: string | undefined): boolean;
  /** The derived key that signs requests of one day, region and service. */
  signingKey(date: string, region: string, service: string): KeyObject;
}

/** Compares in a time that does not depend on where the two differ. */
export const sameText = (a: string, b: string): boolean => {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * Derives signing keys, and keeps those of the latest day.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
const signingKeys = (secret: string) => {
  let day = '';
  const keys = new Map<string, KeyObject>();
  return (date: string, region: string, service: string): KeyObject => {
    if (date !== day) {
      keys.clear();
      day = date;
    }
    const scope = `${region}/${service}`;
    const known = keys.get(scope);
    if (known) return known;
    // A key object is prepared once, so an HMAC with it takes a fifth of the time.
    const key = createSecretKey(hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request'));
    keys.set(scope, key);
    return key;
  };
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM makes them: a prefix for its kind, and 16 random characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const newAccessKeyId = (prefix: string): string =>
  prefix + [...randomBytes(16)].map((byte) => letters[byte % letters.length] ?? '').join('');

const tokenBytes = 264;
/**
 * Milliseconds for which expired credentials are kept, so that they are refused as expired and not as unknown.
 * Assumed: AWS does not say how long it knows them.
 */
const expiredKeptFor = 24 * 60 * 60 * 1000;
/** Credentials issued between two searches for those that are to be forgotten. */
const sweepEvery = 1024;

export interface CredentialStore {
  find(accessKeyId: string): CredentialRecord | undefined;
  issue(principal: RolePrincipal, expires: EpochMilliseconds): TemporaryCredentials;
}

/** Issued credentials and their principal. */
interface IssuedCredentials extends TemporaryCredentials {
  readonly principal: RolePrincipal;
}

/** Issued credentials in as little memory as possible: there may be hundreds of thousands. */
class IssuedRecord implements CredentialRecord {
  readonly principal: Principal;
  readonly expires: EpochMilliseconds;
  readonly #secret: string;
  /** The token is ten times as long. */
  readonly #tokenHash: string;
  #signingKey: CredentialRecord['signingKey'] | undefined;

  constructor({ principal, expires, sessionToken, secretAccessKey }: IssuedCredentials) {
    this.principal = principal;
    this.expires = expires;
    this.#secret = secretAccessKey;
    this.#tokenHash = hash('sha256', sessionToken, 'base64');
  }

  hasToken(token: string | undefined): boolean {
    return token !== undefined && sameText(hash('sha256', token, 'base64'), this.#tokenHash);
  }

  signingKey(date: string, region: string, service: string): KeyObject {
    this.#signingKey ??= signingKeys(this.#secret);
    return this.#signingKey(date, region, service);
  }
}

/** The credentials that exist: the administrator's and those that were issued. */
export const createCredentialStore = (
  clock: Clock,
  administrator: { accessKeyId: string; secret: string },
  state: State = noState,
): CredentialStore => {
  const records = new Map<string, CredentialRecord>([
    [
      administrator.accessKeyId,
      {
        principal: { type: 'administrator' },
        hasToken: (token) => token === undefined,
        signingKey: signingKeys(administrator.secret),
      },
    ],
  ]);
  const kept = state.entries('credentials', (credentials: IssuedCredentials) => credentials);
  for (const [accessKeyId, credentials] of kept.load()) records.set(accessKeyId, new IssuedRecord(credentials));
  let issued = 0;
  const sweep = () => {
    const limit = clock.now() - expiredKeptFor;
    for (const [id, { expires = Infinity }] of records) {
      if (expires >= limit) continue;
      records.delete(id);
      kept.remove(id);
    }
  };
  return {
    find: (accessKeyId) => records.get(accessKeyId),
    issue: (principal, expires) => {
      if (++issued % sweepEvery === 0) sweep();
      const accessKeyId = newAccessKeyId('ASIA');
      const secretAccessKey = randomBytes(30).toString('base64');
      const sessionToken = randomBytes(tokenBytes).toString('base64');
      const issueTime = { 'aws:TokenIssueTime': new Date(clock.now()).toISOString() };
      const credentials = { accessKeyId, secretAccessKey, sessionToken, expires };
      const issuedTo = { ...principal, context: { ...principal.context, ...issueTime } };
      const issuedCredentials = { ...credentials, principal: issuedTo };
      records.set(accessKeyId, new IssuedRecord(issuedCredentials));
      kept.put(accessKeyId, issuedCredentials);
      return credentials;
    },
  };
};
