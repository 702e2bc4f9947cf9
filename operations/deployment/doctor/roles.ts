import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { queueUrlOf } from '../dead-letters.ts';
import type { Deployment } from '../deployment.ts';
import type { Check, Examination, Finding } from './finding.ts';
import { ok, problem, redeploy } from './finding.ts';

/** Permissions of functions without which events are lost or sessions do not open. Only those without conditions: a simulation cannot meet these. */
interface Need {
  readonly task: string;
  readonly action: string;
  readonly resource: string;
}

/** The beginning of the ARNs of this account and Region: `arn:aws:…:111122223333:`. */
interface Account {
  readonly partition: string;
  readonly region: string;
  readonly id: string;
}

const needsOf = (deployment: Deployment, { partition, region, id }: Account): Need[] => {
  const { output, hasStream } = deployment;
  const arn = (service: string, rest: string): string => `arn:${partition}:${service}:${region}:${id}:${rest}`;
  const queue = (place: 'undelivered' | 'rejected'): string =>
    arn('sqs', queueUrlOf(deployment, place).split('/').at(-1) ?? '');
  const table = arn('dynamodb', `table/${output('SessionTableName')}`);
  return [
    { task: 'find-session', action: 'dynamodb:GetItem', resource: table },
    { task: 'start-create', action: 'dynamodb:GetItem', resource: table },
    { task: 'record-session', action: 'dynamodb:PutItem', resource: table },
    { task: 'send-dead-letters', action: 'sqs:SendMessage', resource: queue('undelivered') },
    ...(hasStream
      ? [
          {
            task: 'router',
            action: 'kinesis:GetRecords',
            resource: arn('kinesis', `stream/${output('EventStreamName')}`),
          },
          { task: 'router', action: 'states:StartSyncExecution', resource: output('DispatchMachineArn') },
          { task: 'router', action: 'sqs:SendMessage', resource: queue('rejected') },
          {
            task: 'router',
            action: 's3:PutObject',
            resource: `arn:${partition}:s3:::${output('FailedBatchBucketName')}/x`,
          },
        ]
      : []),
  ];
};

/** Asks IAM, which includes the permissions boundary and the organization's policies, but not the policies of buckets and queues. */
const checkNeed = async ({ deployment, clients }: Examination, need: Need, account: Account): Promise<Finding[]> => {
  const role = deployment.service.roles.find(({ name }) => name === need.task);
  if (!role) return [problem('roles', `${need.task} has no role`, redeploy)];
  const { EvaluationResults: [result] = [] } = await clients.iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:${account.partition}:iam::${account.id}:role/${role.physicalId}`,
      ActionNames: [need.action],
      ResourceArns: [need.resource],
    }),
  );
  if (result?.EvalDecision === 'allowed') return [];
  const what = `${need.task} may not ${need.action} on ${need.resource} (${result?.EvalDecision ?? 'no answer'})`;
  return [problem('roles', what, `Look for a deny in a boundary or service control policy. ${redeploy}`)];
};

export const checkRoles: Check = async (examination) => {
  const { deployment } = examination;
  const { Arn = '', Account: id = '' } = await deployment.clients.sts.send(new GetCallerIdentityCommand());
  const account = { partition: Arn.split(':')[1] ?? 'aws', region: deployment.region, id };
  const needs = needsOf(deployment, account);
  const findings = await Promise.all(needs.map((need) => checkNeed(examination, need, account)));
  const problems = findings.flat();
  return problems.length > 0
    ? problems
    : ok('roles', `The functions may do what they must: ${needs.length} permissions were tried`);
};
