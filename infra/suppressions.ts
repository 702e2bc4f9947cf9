import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { messageFolders } from '../functions/aws/environment.ts';
import type { EventStream } from './event-stream.ts';
import type { IdempotencyTable } from './idempotency-table.ts';
import type { Identity } from './identity.ts';
import type { MessageBucket } from './message-bucket.ts';
import type { PairsTable } from './pairs-table.ts';
import type { DeadLetterQueues } from './queues.ts';
import type { SessionApi } from './session-api/session-api.ts';
import { TaskFunction } from './task-function.ts';
import { Workflow } from './workflow.ts';
import type { Workflows } from './workflows.ts';

/** The constructs that have findings. */
export interface Findings {
  readonly deadLetters: DeadLetterQueues;
  readonly events: EventStream | undefined;
  readonly idempotency: IdempotencyTable;
  readonly identity: Identity;
  readonly messages: MessageBucket;
  readonly pairs: PairsTable | undefined;
  readonly sessionApi: SessionApi;
  readonly workflows: Workflows;
}

const acknowledge = (construct: Construct, rule: string, reason: string): void => {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
};

/** Why roles have `*` as a resource: these actions do not support resources. */
const anyResource = {
  task: [
    'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources.',
    'cognito-identity:DeleteIdentities knows none: the identities are in the request.',
    'sqs:ListQueues knows none: it asks for a prefix.',
  ].join(' '),
  machine: 'xray: and the logs: actions that set up the delivery of vended logs know no resources.',
};

const acknowledgeRoles = (service: Construct): void => {
  for (const construct of service.node.findAll()) {
    if (construct instanceof TaskFunction) acknowledge(construct, 'IAM5[Resource::*]', anyResource.task);
    if (construct instanceof Workflow) {
      acknowledge(construct, 'IAM5[Resource::*]', anyResource.machine);
      acknowledge(construct, 'SF1', 'What is logged is a setting, logRuns: every step can cost more than the steps.');
      acknowledge(construct, 'SF2', 'Whether requests are traced is a setting: traces.');
    }
  }
};

const acknowledgeStream = ({ failedBatches }: EventStream, { router }: Workflows): void => {
  acknowledge(
    failedBatches,
    'S1',
    'Only Lambda writes to the bucket, and only when batches fail; CloudTrail can tell.',
  );
  const bucket = failedBatches.node.defaultChild;
  if (!router || !CfnElement.isCfnElement(bucket)) return;
  const objects = `<${Stack.of(bucket).getLogicalId(bucket)}.Arn>/*`;
  acknowledge(router, `IAM5[Resource::${objects}]`, 'Lambda chooses the names of the failed batches.');
};

/** The roles that may write or read objects, each in a folder of the bucket: their names are ids of messages. */
const acknowledgeMessages = ({ bucket }: MessageBucket, service: Construct): void => {
  acknowledge(bucket, 'S1', 'Only the functions of the dispatch use the bucket; CloudTrail can tell.');
  const resource = bucket.node.defaultChild;
  if (!CfnElement.isCfnElement(resource)) return;
  for (const folder of Object.values(messageFolders)) {
    const objects = `<${Stack.of(resource).getLogicalId(resource)}.Arn>/${folder}*`;
    for (const construct of service.node.findAll()) {
      if (!(construct instanceof TaskFunction)) continue;
      acknowledge(construct, `IAM5[Resource::${objects}]`, 'An object has the id of a message for its name.');
    }
  }
};

/** The findings of cdk-nag that are accepted, each with its reason. All others stop the synthesis of our own stack. */
export const acknowledgeFindings = (service: Construct, parts: Findings): void => {
  const { deadLetters, events, idempotency, identity, messages, pairs, sessionApi, workflows } = parts;
  acknowledgeRoles(service);
  if (events) acknowledgeStream(events, workflows);
  acknowledge(
    identity,
    'COG7',
    'Browsers are guests of the pool by design; the role they get has no permissions and the pool has no role.',
  );
  acknowledge(
    identity,
    'SMG4',
    'Another secret shuts every browser out until its session is renewed, and what it protects ends with the keys.',
  );
  acknowledge(deadLetters, 'SQS3', 'These queues are where messages are set aside; nothing is received from them.');
  acknowledgeMessages(messages, service);
  acknowledge(idempotency, 'DDB3', 'An item counts for five minutes, and expires a minute later.');
  if (pairs) acknowledge(pairs, 'DDB3', 'A table that was restored would give pairs a second time.');
  const ofApi = {
    APIG1: 'The access log needs a role that is a setting of the whole account: apiLogs.',
    APIG2: 'The first function of every machine checks the request and names the field that is wrong.',
    APIG3: 'Only callers with IAM permission get in; a web ACL is a decision for the account.',
    APIG6: 'Execution logs can hold requests and answers, and answers hold keys. Access is logged.',
    COG4: 'The callers are backends: they sign with IAM and are no users of a user pool.',
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The role for the account-wide setting that lets API Gateway write logs; the managed policy is made for it.',
  };
  for (const [rule, reason] of Object.entries(ofApi)) acknowledge(sessionApi, rule, reason);
};
