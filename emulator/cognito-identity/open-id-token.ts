import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '../access/credential-store.ts';
import type { Clock } from '../clock.ts';

/** What a guest's token says. */
export interface TokenClaims {
  readonly identityId: string;
  readonly identityPoolId: string;
  /** Seconds since the epoch. */
  readonly expires: number;
}

export type TokenReading =
  { readonly state: 'valid' | 'expired'; readonly claims: TokenClaims } | { readonly state: 'forged' };

export interface OpenIdTokens {
  issue(identityId: string, identityPoolId: string): string;
  read(token: string): TokenReading;
}

/** Source: Cognito identity API model, GetOpenIdToken: "The OpenID token is valid for 10 minutes." */
const validSeconds = 600;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens of the form of a JWT, signed with a secret of this process: nobody else makes or reads them. */
export const createOpenIdTokens = (clock: Clock): OpenIdTokens => {
  const secret = randomBytes(32);
  const header = encode({ typ: 'JWS', alg: 'HS256' });
  const sign = (content: string) => createHmac('sha256', secret).update(content).digest('base64url');
  return {
    issue: (identityId, identityPoolId) => {
      const now = Math.floor(clock.now() / 1000);
      const claims = {
        sub: identityId,
        aud: identityPoolId,
        amr: ['unauthenticated'],
        iss: 'https://cognito-identity.amazonaws.com',
        exp: now + validSeconds,
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
      const { sub, aud, exp } = JSON.parse(text) as { sub: string; aud: string; exp: number };
      const claims = { identityId: sub, identityPoolId: aud, expires: exp };
      return { state: exp * 1000 <= clock.now() ? 'expired' : 'valid', claims };
    },
  };
};
