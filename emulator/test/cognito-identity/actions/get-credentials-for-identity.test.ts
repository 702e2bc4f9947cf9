import { GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity';
import { expect, test } from '@jest/globals';
import { cognito, makeGuest, nobody } from '../guests.ts';

test('yields nothing, since no role is attached to the pool', async () => {
  const asked = cognito.send(new GetCredentialsForIdentityCommand({ IdentityId: await makeGuest() }));
  await expect(asked).rejects.toMatchObject({
    name: 'InvalidIdentityPoolConfigurationException',
    message: 'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
  });
});

test('refuses an identity that is not there', async () => {
  const asked = cognito.send(new GetCredentialsForIdentityCommand({ IdentityId: nobody }));
  await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
