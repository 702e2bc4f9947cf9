import { CfnElement, Validations, type Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SqsBrowser } from './sqs-browser.ts';
import { TaskFunction } from './task-function.ts';
import { Workflow } from './workflow.ts';

const acknowledge = (construct: Construct, rule: string, reason: string): void => {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
};

/** Why roles have `*` for a resource: none of these actions can be given for a resource. */
const anyResource = {
  task: [
    'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
    'cognito-identity:DeleteIdentities knows none: the identities are in the request.',
    'sqs:ListQueues knows none: it asks for a prefix.',
  ].join(' '),
  machine: 'xray: and the logs: actions that set up the delivery of vended logs know no resources.',
};

const acknowledgeRoles = (service: SqsBrowser): void => {
  for (const construct of service.node.findAll()) {
    if (construct instanceof TaskFunction) acknowledge(construct, 'IAM5[Resource::*]', anyResource.task);
    if (construct instanceof Workflow) acknowledge(construct, 'IAM5[Resource::*]', anyResource.machine);
  }
};

/** The findings of cdk-nag we live with, each with its reason. All others stop the synthesis. */
export const acknowledgeFindings = (stack: Stack, service: SqsBrowser): void => {
  const { api, deadLetters, events, identity, messages, workflows } = service;
  acknowledgeRoles(service);
  acknowledge(
    identity,
    'COG7',
    'Browsers are guests of the pool by design; the role they get has no permissions and the pool has no role.',
  );
  acknowledge(deadLetters, 'SQS3', 'These queues are where messages are set aside; nothing is received from them.');
  acknowledge(
    events.failedBatches,
    'S1',
    'Only Lambda writes to the bucket, and only when batches fail; CloudTrail can tell.',
  );
  const bucket = events.failedBatches.node.defaultChild;
  if (CfnElement.isCfnElement(bucket)) {
    const objects = `<${stack.getLogicalId(bucket)}.Arn>/*`;
    acknowledge(workflows.router, `IAM5[Resource::${objects}]`, 'Lambda chooses the names of the failed batches.');
  }
  acknowledge(
    workflows.machine('dispatch'),
    'SF1',
    'It runs for every batch of messages: logging every step would cost more than the steps.',
  );
  acknowledge(
    api,
    'APIG2',
    'The first function of every machine checks the request and names the field that is wrong.',
  );
  acknowledge(api, 'APIG3', 'Only callers with IAM permission get in; a web ACL is a decision for the account.');
  acknowledge(api, 'APIG6', 'Execution logs can hold requests and answers, and answers hold keys. Access is logged.');
  acknowledge(api, 'COG4', 'The callers are backends: they sign with IAM and are no users of a user pool.');
  acknowledge(messages, 'DDB3', 'An item is needed while one dispatch runs, and expires after a day.');
  acknowledge(api, 'APIG1', 'The access log needs a role that is a setting of the whole account: context apiLogs.');
  acknowledge(
    api,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    'The role for the account-wide setting that lets API Gateway write logs; the managed policy is made for it.',
  );
};
