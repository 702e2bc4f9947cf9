import { DescribeIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, nobody, server } from '../guests.ts';

test('has the time when the identity was made', async () => {
  const IdentityId = await makeGuest();
  const { CreationDate, ...rest } = await cognito.send(new DescribeIdentityCommand({ IdentityId }));
  expect(rest).toMatchObject({ IdentityId, LastModifiedDate: CreationDate });
  expect(Math.abs((CreationDate?.getTime() ?? 0) - server.clock.now())).toBeLessThan(5000);
});

test('refuses an identity that is not there', async () => {
  const described = cognito.send(new DescribeIdentityCommand({ IdentityId: nobody }));
  await expect(described).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Identity '${nobody}' not found.`,
  });
});
