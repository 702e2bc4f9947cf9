import { GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, nobody, otherPoolId, poolId, server } from '../guests.ts';

test('gives a token that says whose it is', async () => {
  const IdentityId = await makeGuest();
  const { Token = '', ...rest } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }));
  expect(rest).toMatchObject({ IdentityId });
  expect(server.cognito.readToken(Token)).toMatchObject({
    state: 'valid',
    claims: { identityId: IdentityId, identityPoolId: poolId },
  });
});

test('gives no other token than its own', async () => {
  const { Token = '' } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId: await makeGuest() }));
  const [header = '', , signature = ''] = Token.split('.');
  const claims = { sub: nobody, aud: poolId, exp: 9_999_999_999 };
  const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  expect(server.cognito.readToken(forged)).toEqual({ state: 'forged' });
  expect(server.cognito.readToken('nonsense')).toEqual({ state: 'forged' });
});

test.each<[title: string, input: () => Promise<object> | object, name: string]>([
  ['an identity that is not there', () => ({ IdentityId: nobody }), 'ResourceNotFoundException'],
  [
    'a pool without the classic flow',
    async () => ({ IdentityId: await makeGuest(otherPoolId) }),
    'InvalidParameterException',
  ],
  ['no identity', () => ({}), 'ValidationException'],
])('refuses %s', async (_title, input, name) => {
  const refused = cognito.send(new GetOpenIdTokenCommand({ IdentityId: undefined, ...(await input()) }));
  await expect(refused).rejects.toMatchObject({ name });
});
