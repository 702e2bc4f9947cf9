import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from '@jest/globals';
import { serveGuarded, testRole } from '../../access/guarded-server.ts';

const role = testRole('someone');
const server = await serveGuarded([role]);
const ask = (keys?: object) => new STSClient(server.client(keys)).send(new GetCallerIdentityCommand({}));

test('names the administrator', async () => {
  await expect(ask()).resolves.toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/local',
  });
});

test('names a session of a role, which needs no permission for it', async () => {
  await expect(ask(server.keysOf(role, 'reader'))).resolves.toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:sts::000000000000:assumed-role/someone/reader',
    UserId: `${role.id}:reader`,
  });
});
