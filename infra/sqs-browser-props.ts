import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Settings } from './settings.ts';

/** What an SqsBrowser is made with. All of it is optional. */
export interface SqsBrowserProps extends Settings {
  /**
   * Begins the physical names of functions, machines, logs and the dashboard, and is the dimension of the metrics. Give it only
   * when something outside needs to know the names: resources with names cannot be replaced.
   * @default CloudFormation makes the names, and the dimension is made of the stack's name and the construct's path
   */
  readonly name?: string | undefined;
  /**
   * The last part of the API's URL.
   * @default 'prod'
   */
  readonly apiStage?: string | undefined;
  /**
   * The name of the identity pool that is made.
   * @default CloudFormation makes one
   */
  readonly identityPoolName?: string | undefined;
  /**
   * A stream to read instead of making one. What is on it must be messages of this service: everything else is rejected.
   * Not together with streamMode and shardCount.
   * @default a stream is made
   */
  readonly eventStream?: IStream | undefined;
  /**
   * The KMS key that encrypts the tables and the bucket of large messages. Its policy must let the functions' roles use it; a key of the
   * same app gets that by itself.
   * @default keys of DynamoDB and S3, whose calls are not billed
   */
  readonly encryptionKey?: IKey | undefined;
  /**
   * Endpoints for `execute-api` in VPCs. With them the API is private: only calls through them get in.
   * @default the API is public
   */
  readonly vpcEndpoints?: readonly IVpcEndpoint[] | undefined;
  /**
   * The API's resource policy. Not together with apiAllowedCidrs and apiCallers, which make one.
   * @default as apiAllowedCidrs, apiCallers and vpcEndpoints say; none without them
   */
  readonly apiPolicy?: PolicyDocument | undefined;
  /**
   * The standard SNS topic that is notified when an alarm goes off and when it ends.
   * @default nobody is notified
   */
  readonly alarmTopic?: ITopic | undefined;
  /**
   * Whether there are alarms, at $0.10 a month and metric.
   * @default true
   */
  readonly hasAlarms?: boolean | undefined;
  /**
   * Whether there is a dashboard. The first three of an account are free, others are $3 a month.
   * @default true
   */
  readonly hasDashboard?: boolean | undefined;
  /**
   * Whether the stack gets outputs that tell the command line and the console where everything is, such as `ApiUrl`.
   * @default true
   */
  readonly hasOutputs?: boolean | undefined;
  /**
   * What becomes of the table of sessions, the dead letters, the failed batches and the large messages when the stack goes. With DESTROY
   * the queues of sessions stay, and nothing knows them any more; the buckets must be empty.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * What becomes of the logs when the stack goes.
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy | undefined;
  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * The folder with the functions' bundles: of each a folder with `handler.mjs`.
   * @default those of the package
   */
  readonly functions?: string | undefined;
}
