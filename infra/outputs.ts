import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { SqsBrowser } from './sqs-browser.ts';
import { pascalCase } from './task-function.ts';
import { machineNames } from './workflows.ts';

/**
 * Adds the outputs that the command line and the console read. For a construct called Push, `ApiUrl` is `PushApiUrl`.
 * The id Default stays out of names: https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
 */
export const addOutputs = (service: SqsBrowser): void => {
  const values: Readonly<Record<string, string | undefined>> = {
    ServiceName: service.serviceName,
    ApiUrl: service.apiUrl,
    EventStreamName: service.eventStream?.streamName,
    SessionTableName: service.sessionsTable.tableName,
    MessageTableName: service.messagesTable.tableName,
    PairTableName: service.pairsTable?.tableName,
    RejectedQueueUrl: service.rejectedQueue?.queueUrl,
    UndeliveredQueueUrl: service.undeliveredQueue.queueUrl,
    FailedBatchBucketName: service.failedBatchBucket?.bucketName,
    IdentityPoolId: service.identityPoolId,
    BrowserRoleArn: service.browserRole.roleArn,
    ...Object.fromEntries(
      machineNames
        .filter((name) => name !== 'fill-pool' || service.pairsTable)
        .map((name) => [`${pascalCase(name)}MachineArn`, service.machine(name).stateMachineArn]),
    ),
  };
  const { id, scope } = service.node;
  const isInStack = scope === Stack.of(service);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const output = new CfnOutput(service, name, { value });
    if (isInStack && id !== 'Default') output.overrideLogicalId(`${id.replaceAll(/[^A-Za-z0-9]/g, '')}${name}`);
  }
};
