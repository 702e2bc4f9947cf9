import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

/** Where the deployment is, and the credentials for it. */
export interface Location {
  readonly region: string;
  /** The emulator's URL; undefined for AWS. */
  readonly endpoint?: string | undefined;
}

/** The emulator's administrator. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** An Express execution takes at most five minutes; the call waits a little longer for its answer. In milliseconds. */
const executionTimeout = 305_000;

/** Clients of the services that a deployment uses. With an endpoint they have the emulator's credentials. */
export const createClients = ({ region, endpoint }: Location) => {
  const settings = {
    region,
    maxAttempts: 5,
    ...(endpoint !== undefined && { endpoint, credentials: localCredentials }),
  };
  return {
    cloudFormation: new CloudFormationClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    cognitoIdentity: new CognitoIdentityClient(settings),
    dynamoDb: new DynamoDBClient(settings),
    kinesis: new KinesisClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: endpoint !== undefined }),
    stepFunctions: new SFNClient({
      ...settings,
      // A start is not repeated: an execution may be under way.
      maxAttempts: 1,
      requestHandler: { requestTimeout: executionTimeout, throwOnRequestTimeout: true },
      // A synchronous start goes to a host of its own, sync-states…, which an endpoint does not have.
      disableHostPrefix: endpoint !== undefined,
    }),
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    sts: new STSClient(settings),
  };
};

export type Clients = ReturnType<typeof createClients>;

/**
 * The service's time, in epoch milliseconds: the emulator's clock may have been moved. The clients learn it from answers, when it differs
 * by five minutes or more (isClockSkewed of @aws-sdk/core).
 */
export const serviceTime = (clients: Clients, machineTime = Date.now()): number => {
  const offsets = Object.values(clients).map(({ config }) => config.systemClockOffset);
  return machineTime + offsets.reduce((max, offset) => (Math.abs(offset) > Math.abs(max) ? offset : max), 0);
};
