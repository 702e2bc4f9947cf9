import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createMessageStore } from '../../functions/dispatch/offload.ts';
import { environment } from '../environment.ts';
import { BucketSource } from './bucket-source.ts';
import { createDispatch } from './dispatch.ts';
import { putBack, type Counts, type Source } from './put-back.ts';
import { QueueSource } from './queue-source.ts';
import { readRejected } from './rejected.ts';
import { readSettings, usage, UsageError, type Settings } from './settings.ts';
import { createPut } from './stream.ts';
import { readUndelivered } from './undelivered.ts';

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** An Express execution lasts at most five minutes; its answer is waited for a little longer. In milliseconds. */
const executionTimeout = 305_000;

/**
 * Runs the command and returns its exit code: 0 when everything was put back, 1 when something was not, 2 when the command was
 * called wrongly.
 * @param print prints a line
 */
export const redrive = async (
  args: readonly string[],
  print: (line: string) => void,
  { waitSeconds = 1 }: { waitSeconds?: number } = {},
): Promise<number> => {
  try {
    const settings = readSettings(args);
    const counts = await run(settings, print, waitSeconds);
    for (const line of summary(settings, counts)) print(line);
    return counts.unremoved + counts.left.size > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(error.message);
    print(usage);
    return 2;
  }
};

const run = (settings: Settings, print: (line: string) => void, waitSeconds: number): Promise<Counts> => {
  const { from, dryRun, streamName, location, endpoint, dispatchMachineArn, messageTableName } = settings;
  const client = { maxAttempts: 5, ...(endpoint !== undefined && { endpoint, ...local }) };
  const hasEndpoint = endpoint !== undefined || environment['AWS_ENDPOINT_URL'] !== undefined;
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({ ...client, forcePathStyle: hasEndpoint });
  // A start is not repeated: an execution may be under way.
  const stepFunctions = new SFNClient({
    ...client,
    maxAttempts: 1,
    disableHostPrefix: hasEndpoint,
    requestHandler: { requestTimeout: executionTimeout, throwOnRequestTimeout: true },
  });
  const source: Source =
    from === 'failed-batches'
      ? new BucketSource(s3, location)
      : new QueueSource(sqs, location, from === 'rejected' ? readRejected : readUndelivered, waitSeconds);
  const store = createMessageStore(new DynamoDBClient(client), messageTableName);
  const dispatch = createDispatch({ stepFunctions, dispatchMachineArn, store, now: Date.now });
  const wait = (milliseconds: number): Promise<unknown> => setTimeout(milliseconds);
  const put = createPut({ client: new KinesisClient(client), streamName, wait });
  const progress = ({ putBack: done, messages, records }: Counts): void => {
    print(`${from}: ${done} so far, ${messages} messages, ${records} records`);
  };
  return putBack({ source, dispatch, put, dryRun, progress });
};

const summary = ({ from, dryRun, streamName }: Settings, counts: Counts): string[] => {
  const done = dryRun ? 'would be put back' : 'put back';
  const parts = [
    ...(counts.messages > 0 || counts.records === 0 ? [`${counts.messages} messages to sessions`] : []),
    ...(counts.records > 0 ? [`${counts.records} records on ${streamName}`] : []),
  ];
  const lines = [`${from}: ${counts.putBack} ${done}: ${parts.join(', ')}`];
  if (counts.again > 0) lines.push(`${counts.again} left: set aside again during this run, so the cause remains`);
  if (counts.unremoved > 0) lines.push(`${counts.unremoved} put back but not removed, so another run repeats them`);
  for (const [reason, count] of counts.left) lines.push(`${count} left: ${reason}`);
  return lines;
};

if (import.meta.main) {
  process.exitCode = await redrive(process.argv.slice(2), (line) => {
    process.stdout.write(`${line}\n`);
  });
}
