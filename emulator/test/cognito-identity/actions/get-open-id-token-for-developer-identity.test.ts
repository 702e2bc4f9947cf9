import {
  DeleteIdentitiesCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
} from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, nobody, otherPoolId, server } from '../guests.ts';

const developerPoolId = 'us-east-1:22222222-2222-4333-8444-555555555555';
server.cognito.createPool(developerPoolId, {
  AllowUnauthenticatedIdentities: false,
  AllowClassicFlow: true,
  DeveloperProviderName: 'backend',
});

const vouch = (user: string, more: object = {}) =>
  cognito.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({
      IdentityPoolId: developerPoolId,
      Logins: { backend: user },
      ...more,
    }),
  );

test('gives a user its identity and an authenticated token, in one call', async () => {
  const { IdentityId = '', Token = '' } = await vouch('ada');
  expect(server.cognito.readToken(Token)).toMatchObject({
    state: 'valid',
    claims: {
      identityId: IdentityId,
      identityPoolId: developerPoolId,
      amr: ['authenticated', 'backend', `backend:${developerPoolId}:ada`],
    },
  });
});

test('gives the same user the same identity, and another one another', async () => {
  const [one, again, other] = [await vouch('bo'), await vouch('bo'), await vouch('cy')];
  expect(again.IdentityId).toBe(one.IdentityId);
  expect(other.IdentityId).not.toBe(one.IdentityId);
  expect((await vouch('bo', { IdentityId: one.IdentityId })).IdentityId).toBe(one.IdentityId);
});

test('gives a user a new identity when the first was deleted', async () => {
  const { IdentityId = '' } = await vouch('di');
  await cognito.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [IdentityId] }));
  await expect(vouch('di', { IdentityId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect((await vouch('di')).IdentityId).not.toBe(IdentityId);
});

test('makes identities that nobody else gets a token for', async () => {
  const { IdentityId } = await vouch('ed');
  await expect(cognito.send(new GetOpenIdTokenCommand({ IdentityId }))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
  });
  await expect(cognito.send(new GetIdCommand({ IdentityPoolId: developerPoolId }))).rejects.toMatchObject({
    name: 'NotAuthorizedException',
  });
});

test.each<[string, () => Promise<object> | object, string]>([
  ['another provider', () => ({ Logins: { other: 'x' } }), 'InvalidParameterException'],
  ['no login', () => ({ Logins: {} }), 'ValidationException'],
  ['a duration that is too long', () => ({ TokenDuration: 86_401 }), 'ValidationException'],
  ['an identity that is not there', () => ({ IdentityId: nobody }), 'ResourceNotFoundException'],
  [
    'somebody else’s identity',
    async () => ({ IdentityId: await makeGuest() }),
    'DeveloperUserAlreadyRegisteredException',
  ],
  ['a pool without a developer provider', () => ({ IdentityPoolId: otherPoolId }), 'InvalidParameterException'],
])('refuses %s', async (_title, more, name) => {
  await expect(vouch('someone', await more())).rejects.toMatchObject({ name });
});
