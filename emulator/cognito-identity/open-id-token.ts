import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { sameText } from '../access/credential-store.ts';
import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import type { Login } from './identities.ts';

/** The claims of an identity's token. */
export interface TokenClaims {
  readonly identityId: string;
  readonly identityPoolId: string;
  /** Seconds since the epoch. */
  readonly expires: number;
  /** `unauthenticated`, or `authenticated` with the provider and the user. */
  readonly amr: readonly string[];
}

export interface TokenOptions {
  /** The developer's user; without one the token is a guest's. */
  readonly login?: Login | undefined;
  /** How long the token is valid. Default 600, GetOpenIdToken's. */
  readonly seconds?: number | undefined;
}

export type TokenReading =
  { readonly state: 'valid' | 'expired'; readonly claims: TokenClaims } | { readonly state: 'forged' };

export interface OpenIdTokens {
  issue(identityId: string, identityPoolId: string, options?: TokenOptions): string;
  read(token: string): TokenReading;
}

/** "The OpenID token is valid for 10 minutes." https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
const validSeconds = 600;

/**
 * `authenticated`, the provider, and provider:pool:user; or `unauthenticated`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
 */
const amrOf = (poolId: string, login: Login | undefined): string[] =>
  login ? ['authenticated', login.provider, `${login.provider}:${poolId}:${login.user}`] : ['unauthenticated'];

const signedClaims = z.object({ sub: z.string(), aud: z.string(), exp: z.number(), amr: z.array(z.string()) });

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The secret of an earlier process, so that its tokens stay valid, or a new one. */
const readSecret = (state: State): Uint8Array => {
  const kept = state.entries('cognito-secrets', (secret: Uint8Array) => secret);
  const [[, known] = []] = kept.load();
  if (known) return known;
  const secret = randomBytes(32);
  kept.put('open-id-tokens', secret);
  return secret;
};

/** Tokens in the form of a JWT, signed with a secret of this emulator. Cognito signs with keys that it publishes. */
export const createOpenIdTokens = (clock: Clock, state: State): OpenIdTokens => {
  const secret = readSecret(state);
  const header = encode({ typ: 'JWS', alg: 'HS256' });
  const sign = (content: string) => createHmac('sha256', secret).update(content).digest('base64url');
  return {
    issue: (identityId, identityPoolId, { login, seconds = validSeconds } = {}) => {
      const now = Math.floor(clock.now() / 1000);
      const claims = {
        sub: identityId,
        aud: identityPoolId,
        amr: amrOf(identityPoolId, login),
        iss: 'https://cognito-identity.amazonaws.com',
        exp: now + seconds,
        iat: now,
      };
      const content = `${header}.${encode(claims)}`;
      return `${content}.${sign(content)}`;
    },
    read: (token) => {
      const end = token.lastIndexOf('.');
      const content = token.slice(0, Math.max(end, 0));
      if (end < 0 || !sameText(token.slice(end + 1), sign(content))) return { state: 'forged' };
      const text = Buffer.from(content.split('.')[1] ?? '', 'base64url').toString();
      const { sub, aud, exp, amr } = signedClaims.parse(JSON.parse(text));
      const claims = { identityId: sub, identityPoolId: aud, expires: exp, amr };
      return { state: exp * 1000 <= clock.now() ? 'expired' : 'valid', claims };
    },
  };
};
