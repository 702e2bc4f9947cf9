import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { pascalCase } from './task-function.ts';
import { machineNames, type MachineName } from './workflows.ts';

/** The parts of an SqsBrowser that the outputs name. */
interface NamedParts extends Construct {
  readonly serviceName: string;
  readonly apiUrl: string;
  readonly eventStream: { readonly streamName: string } | undefined;
  readonly sessionsTable: { readonly tableName: string };
  readonly messageBucket: { readonly bucketName: string };
  readonly pairsTable: { readonly tableName: string } | undefined;
  readonly rejectedQueue: { readonly queueUrl: string } | undefined;
  readonly undeliveredQueue: { readonly queueUrl: string };
  readonly failedBatchBucket: { readonly bucketName: string } | undefined;
  readonly identityPoolId: string;
  readonly browserRole: { readonly roleArn: string };
  machine(name: MachineName): IStateMachine;
}

/**
 * Adds the outputs that the command line and the console read. For a construct called Push, `ApiUrl` is `PushApiUrl`.
 * The id Default stays out of names: https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html
 */
export const addOutputs = (service: NamedParts): void => {
  const values: Readonly<Record<string, string | undefined>> = {
    ServiceName: service.serviceName,
    ApiUrl: service.apiUrl,
    EventStreamName: service.eventStream?.streamName,
    SessionTableName: service.sessionsTable.tableName,
    MessageBucketName: service.messageBucket.bucketName,
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
