import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { defaultQueuePrefix, poolName, stackName, type StackConfiguration } from './context.ts';
import { SqsBrowser } from './sqs-browser.ts';

export interface SqsBrowserStackProps {
  readonly configuration: StackConfiguration;
  /** The folder with the functions' bundles. */
  readonly functions: string;
}

/** The stack that this project deploys: one SqsBrowser, named after the stage. */
export class SqsBrowserStack extends Stack {
  constructor(scope: Construct, { configuration, functions }: SqsBrowserStackProps) {
    const { stage, alarmTopicArn, settings } = configuration;
    const name = stackName(stage);
    super(scope, name, { stackName: name, description: 'Serverless long polling for browsers' });
    new SqsBrowser(this, 'Default', {
      ...{ name, functions, apiStage: stage, identityPoolName: poolName(stage) },
      queuePrefix: defaultQueuePrefix(stage),
      alarmTopic: alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn),
      ...settings,
    });
  }
}
