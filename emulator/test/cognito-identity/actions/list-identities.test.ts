import { DeleteIdentitiesCommand, ListIdentitiesCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, otherPoolId, poolId, server } from '../guests.ts';

const list = (input: object) =>
  cognito.send(new ListIdentitiesCommand({ IdentityPoolId: poolId, MaxResults: 60, ...input }));

const listAll = async (MaxResults: number, eachPage: (ids: string[]) => Promise<unknown> = () => Promise.resolve()) => {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await list({ MaxResults, NextToken });
    const ids = (page.Identities ?? []).map(({ IdentityId = '' }) => IdentityId);
    found.push(...ids);
    await eachPage(ids);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
};

test('pages over the identities of one pool, each once', async () => {
  const made = await Promise.all(Array.from({ length: 7 }, () => makeGuest()));
  const elsewhere = await makeGuest(otherPoolId);
  const found = await listAll(3);
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(made));
  expect(found).not.toContain(elsewhere);
});

test('skips none when identities are deleted between the pages', async () => {
  const made = await Promise.all(Array.from({ length: 7 }, () => makeGuest()));
  const remove = (ids: string[]) => cognito.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: ids }));
  expect(await listAll(2, remove)).toEqual(expect.arrayContaining(made));
  expect(await listAll(2)).toEqual([]);
});

test.each([{ MaxResults: 0 }, { MaxResults: 61 }, { MaxResults: undefined }])('refuses a page of %j', async (input) => {
  await expect(list(input)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses a token that is not its own', async () => {
  await expect(list({ NextToken: 'tampered' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('needs a permission for the pool', () => {
  const { permissions } = server.calls.find('cognito-identity', 'ListIdentities');
  expect(permissions?.({ IdentityPoolId: poolId })).toEqual([
    {
      action: 'cognito-identity:ListIdentities',
      resource: `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${poolId}`,
    },
  ]);
});
