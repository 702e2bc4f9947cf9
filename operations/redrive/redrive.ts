import { setTimeout } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { BucketSource } from './bucket-source.ts';
import { putBack, type Counts, type Source } from './put-back.ts';
import { QueueSource } from './queue-source.ts';
import { readRejected } from './rejected.ts';
import { readSettings, usage, UsageError, type Settings } from './settings.ts';
import { createPut, createPutCall } from './stream.ts';
import { readUndelivered } from './undelivered.ts';

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/**
 * Runs the command and answers its exit code: 0 when everything usable was put back, 1 when something was not, 2 when it
 * was called wrongly.
 * @param print is given lines without their ends
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
    return counts.refused + counts.unremoved + counts.unusable.size > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(error.message);
    print(usage);
    return 2;
  }
};

const run = (settings: Settings, print: (line: string) => void, waitSeconds: number): Promise<Counts> => {
  const { from, dryRun, streamName, place, endpoint } = settings;
  const client = { maxAttempts: 5, ...(endpoint !== undefined && { endpoint, ...local }) };
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({
    ...client,
    forcePathStyle: endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined,
  });
  const source: Source =
    from === 'failed-batches'
      ? new BucketSource(s3, place)
      : new QueueSource(sqs, place, from === 'rejected' ? readRejected : readUndelivered, waitSeconds);
  const pace = { delay: (milliseconds: number) => setTimeout(milliseconds), random: Math.random };
  const put = createPut(createPutCall(new KinesisClient(client), streamName), pace);
  const progress = ({ putBack: done, records }: Counts): void => {
    print(`${from}: ${done} so far, ${records} records`);
  };
  return putBack({ source, put, dryRun, progress });
};

const summary = ({ from, dryRun, streamName }: Settings, counts: Counts): string[] => {
  const done = dryRun ? 'would be put back' : 'put back';
  const lines = [`${from}: ${counts.putBack} ${done} as ${counts.records} records on ${streamName}`];
  if (counts.again > 0) lines.push(`${counts.again} left: set aside again during this run, so the cause remains`);
  if (counts.refused > 0) lines.push(`${counts.refused} left: the stream did not accept all of their records`);
  if (counts.unremoved > 0) lines.push(`${counts.unremoved} put back but not removed, so another run repeats them`);
  for (const [reason, count] of counts.unusable) lines.push(`${count} left: ${reason}`);
  return lines;
};

if (import.meta.main) {
  process.exitCode = await redrive(process.argv.slice(2), (line) => {
    process.stdout.write(`${line}\n`);
  });
}
