import { DeleteIdentitiesCommand, DescribeIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, nobody } from '../guests.ts';

const remove = (ids: string[]) => cognito.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: ids }));
const exists = (IdentityId: string) =>
  cognito.send(new DescribeIdentityCommand({ IdentityId })).then(
    () => true,
    () => false,
  );

test('deletes up to sixty identities', async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, () => makeGuest()));
  await expect(remove(ids)).resolves.toMatchObject({ UnprocessedIdentityIds: [] });
  expect(await Promise.all(ids.map(exists))).not.toContain(true);
});

test('counts what is gone as deleted', async () => {
  await expect(remove([nobody])).resolves.toMatchObject({ UnprocessedIdentityIds: [] });
});

test.each([0, 61])('refuses %d identities', async (length) => {
  await expect(remove(Array.from({ length }, () => nobody))).rejects.toMatchObject({ name: 'ValidationException' });
});
