import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { counted } from '../../counted.ts';
import { readReader } from '../stream.ts';
import type { Check } from './finding.ts';
import { ok, problem, redeploy, warning } from './finding.ts';

/** Records a second that a shard takes, and megabytes. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const shardRecords = 1_000;

/** Records a second that a new on-demand stream takes at once; the same page. */
const onDemandRecords = 4_000;

const noStream = 'There is none (streamMode NONE): messages go through the API alone';

export const checkStream: Check = async ({ deployment: { clients, output, hasStream }, load }) => {
  if (!hasStream) return ok('stream', noStream);
  const { StreamDescriptionSummary: summary } = await clients.kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: output('EventStreamName') }),
  );
  const shards = summary?.OpenShardCount ?? 0;
  if (summary?.StreamStatus !== 'ACTIVE') {
    return problem('stream', `The stream is ${summary?.StreamStatus ?? 'not there'}`, 'Wait until it is ACTIVE.');
  }
  const isOnDemand = summary.StreamModeDetails?.StreamMode === 'ON_DEMAND';
  const capacity = isOnDemand ? Math.max(onDemandRecords, shards * shardRecords) : shards * shardRecords;
  const what = `${counted(shards, 'shard')}${isOnDemand ? ', on demand' : ''}: ${capacity} records or ${capacity / 1_000} MB a second`;
  const { eventsPerSecond = 0 } = load;
  if (eventsPerSecond <= capacity) return ok('stream', what);
  const remedy = isOnDemand
    ? 'It doubles what it took in the last 30 days by itself: raise the load in steps.'
    : `Give it more: npx cdk deploy -c shardCount=${Math.ceil(eventsPerSecond / shardRecords)} (it can at most double at a time; docs/quotas.md).`;
  return warning('stream', `${what}; ${eventsPerSecond} are expected`, remedy);
};

/** Whether the router reads the stream. */
export const checkReader: Check = async ({ deployment, clients: { lambda } }) => {
  if (!deployment.hasStream) return ok('stream reader', noStream);
  const reader = await readReader(deployment, lambda);
  if (!reader) return problem('stream reader', 'The router reads no stream', redeploy);
  const { state, lastResult } = reader;
  if (state !== 'Enabled') {
    const remedy = 'sqs-browser stream resume, unless somebody paused it on purpose.';
    return problem('stream reader', `The router does not read the stream: ${state}`, remedy);
  }
  return lastResult.startsWith('PROBLEM')
    ? warning(
        'stream reader',
        `The router's last batch: ${lastResult}`,
        'sqs-browser logs --function router --grep BATCH_NOT_DONE.',
      )
    : ok('stream reader', `The router reads the stream${lastResult === '' ? '' : ` (${lastResult})`}`);
};
