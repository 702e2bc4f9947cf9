import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackName } from './context.ts';
import { SqsBrowser, type SqsBrowserProps } from './sqs-browser.ts';
import { acknowledgeFindings } from './suppressions.ts';
import { pascalCase } from './task-function.ts';
import { machineNames } from './workflows.ts';

/** One SqsBrowser, with the outputs that backends, producers and operators need. */
export class SqsBrowserStack extends Stack {
  constructor(scope: Construct, props: SqsBrowserProps) {
    const name = stackName(props.configuration.stage);
    super(scope, name, { stackName: name, description: 'Serverless long polling for browsers' });

    // An id of Default stays out of the logical ids (https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html).
    const service = new SqsBrowser(this, 'Default', props);
    const { api, deadLetters, events, identity, messages, sessions, workflows } = service;
    this.#output({
      ApiUrl: api.url,
      EventStreamName: events.stream.streamName,
      SessionTableName: sessions.table.tableName,
      MessageTableName: messages.table.tableName,
      RejectedQueueUrl: deadLetters.rejected.queueUrl,
      UndeliveredQueueUrl: deadLetters.undelivered.queueUrl,
      FailedBatchBucketName: events.failedBatches.bucketName,
      IdentityPoolId: identity.poolId,
      BrowserRoleArn: identity.browserRole.roleArn,
    });
    for (const machine of machineNames) {
      this.#output({ [`${pascalCase(machine)}MachineArn`]: workflows.machine(machine).machine.stateMachineArn });
    }
    acknowledgeFindings(this, service);
  }

  #output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
