import { Validations, type CfnElement, type Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TaskFunction } from './task-function.ts';
import { Workflow } from './workflow.ts';

const acknowledge = (construct: Construct, rule: string, reason: string): void => {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
};

/** Why a role has `*` for a resource: of the actions named here, none knows a resource that could be given instead. */
const anyResource = {
  tracing: 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
  identities: 'cognito-identity:DeleteIdentities knows no resources: the identities are in the request.',
  listing: 'sqs:ListQueues knows no resources: it asks for a prefix.',
  logDelivery: 'The logs: actions that set up the delivery of vended logs know no resources.',
};

/** What the functions have `*` for besides tracing. */
const further: Readonly<Record<string, readonly string[]>> = {
  UndoCreate: [anyResource.identities],
  DeleteIdentity: [anyResource.identities],
  SweepShard: [anyResource.listing, anyResource.identities],
  SweepIdentities: [anyResource.identities],
};

/** The functions that do something to sessions' queues. */
const onSessionQueues = ['MakeQueue', 'SetPolicy', 'UndoCreate', 'DeleteQueue', 'SweepShard', 'DeliverBatch'];

const acknowledgeRoles = (stack: Stack, queuePrefix: string): void => {
  const sessionQueues = `arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:${queuePrefix}-*`;
  for (const construct of stack.node.findAll()) {
    if (construct instanceof TaskFunction) {
      const reasons = [anyResource.tracing, ...(further[construct.node.id] ?? [])];
      acknowledge(construct, 'IAM5[Resource::*]', reasons.join(' '));
      if (onSessionQueues.includes(construct.node.id)) {
        acknowledge(
          construct,
          `IAM5[Resource::${sessionQueues}]`,
          'The names of sessions are random after the prefix.',
        );
      }
    }
    if (construct instanceof Workflow) {
      acknowledge(construct, 'IAM5[Resource::*]', `${anyResource.tracing} ${anyResource.logDelivery}`);
    }
  }
};

export interface Acknowledged {
  readonly queuePrefix: string;
  readonly identity: Construct;
  readonly deadLetters: Construct;
  readonly failedBatches: Construct;
  readonly router: Construct;
  readonly dispatch: Construct;
  readonly api: Construct;
}

/** The findings of cdk-nag we live with, each with its reason. All others stop the synthesis. */
export const acknowledgeFindings = (stack: Stack, found: Acknowledged): void => {
  acknowledgeRoles(stack, found.queuePrefix);
  acknowledge(
    found.identity,
    'COG7',
    'Browsers are guests of the pool by design; the role they get has no permissions and the pool has no role.',
  );
  acknowledge(
    found.deadLetters,
    'SQS3',
    'These queues are where messages are set aside; nothing is received from them.',
  );
  acknowledge(
    found.failedBatches,
    'S1',
    'Only Lambda writes to the bucket, and only when batches fail; CloudTrail can tell.',
  );
  const bucket = stack.getLogicalId(found.failedBatches.node.defaultChild as CfnElement);
  acknowledge(found.router, `IAM5[Resource::<${bucket}.Arn>/*]`, 'Lambda chooses the names of the failed batches.');
  acknowledge(
    found.dispatch,
    'SF1',
    'It runs for every batch of messages: logging every step would cost more than the steps.',
  );
  acknowledge(
    found.api,
    'APIG2',
    'The first function of every machine checks the request and names the field that is wrong.',
  );
  acknowledge(found.api, 'APIG3', 'Only callers with IAM permission get in; a web ACL is a decision for the account.');
  acknowledge(
    found.api,
    'APIG6',
    'Execution logs can hold requests and answers, and answers hold keys. Access is logged.',
  );
  acknowledge(found.api, 'COG4', 'The callers are backends: they sign with IAM and are no users of a user pool.');
  acknowledge(
    found.api,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    'The role for the account-wide setting that lets API Gateway write logs; the managed policy is made for it.',
  );
};
