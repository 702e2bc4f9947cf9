import { GetRoleCommand, IAMClient, ListRolesCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { expect, test } from '@jest/globals';
import { createAccess } from '../../access/index.ts';
import { createIam } from '../../iam/index.ts';
import { testRole } from '../access/guarded-server.ts';
import { location, serve } from '../service-server.ts';

const worker = testRole('worker', [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }]);
const access = createAccess({ ...location, roles: [worker] });
const client = new IAMClient(await serve(createIam({ access, created: new Date(0) })));

test('describes a role with its trust policy, percent-encoded', async () => {
  const { Role } = await client.send(new GetRoleCommand({ RoleName: 'worker' }));
  expect(Role).toMatchObject({ RoleName: 'worker', Arn: worker.arn, RoleId: worker.id, CreateDate: new Date(0) });
  expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B/);
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(worker.trustPolicy);
});

test('does not know other roles', async () => {
  await expect(client.send(new GetRoleCommand({ RoleName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    $metadata: { httpStatusCode: 404 },
  });
});

test('simulates what the policies of a role allow', async () => {
  const { EvaluationResults } = await client.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: worker.arn,
      ActionNames: ['sqs:SendMessage', 'sqs:DeleteQueue'],
      ResourceArns: ['arn:aws:sqs:us-east-1:000000000000:jobs'],
    }),
  );
  expect(EvaluationResults?.map(({ EvalActionName, EvalDecision }) => [EvalActionName, EvalDecision])).toEqual([
    ['sqs:SendMessage', 'allowed'],
    ['sqs:DeleteQueue', 'implicitDeny'],
  ]);
});

test('refuses by name what it does not know', async () => {
  await expect(client.send(new ListRolesCommand())).rejects.toThrow('ListRoles');
  const parameters = { PolicySourceArn: worker.arn, ActionNames: ['sqs:SendMessage'], CallerArn: worker.arn };
  await expect(client.send(new SimulatePrincipalPolicyCommand(parameters))).rejects.toThrow(
    'The emulator does not support CallerArn',
  );
});
