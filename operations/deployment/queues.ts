import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { chunks, forEachAtOnce } from '../../functions/aws/concurrency.ts';
import { queueNameOf } from '../../functions/sessions/queues.ts';
import type { Deployment } from './deployment.ts';
import { isQueueGone } from './errors.ts';

/** What waits in a queue. */
export interface QueueDepth {
  readonly waiting: number;
  /** Received and not deleted yet. */
  readonly inFlight: number;
}

/** A queue with the age of its oldest message. */
export interface QueueState extends QueueDepth {
  /** Seconds, as CloudWatch had it last; undefined where nothing waits, or CloudWatch has no value yet. */
  readonly oldest?: number;
}

/** Queues that are asked at once for what waits in them. */
const atOnce = 20;

/** Metrics in one call. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const maxMetrics = 500;

const minute = 60_000;

/**
 * How far back a value is looked for. A queue has one a minute; after hours without any use the first is up to 15 minutes late.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
const lookBack = 15 * minute;

/** Undefined when the queue does not exist any more. */
export const queueDepth = async ({ clients }: Deployment, queueUrl: string): Promise<QueueDepth | undefined> => {
  try {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
    };
  } catch (error) {
    if (isQueueGone(error)) return undefined;
    throw error;
  }
};

const ageQuery = (queueUrl: string, index: number): MetricDataQuery => ({
  Id: `age${index}`,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: queueNameOf(queueUrl) }],
    },
    Period: minute / 1000,
    Stat: 'Maximum',
  },
});

/**
 * The age in seconds of each queue's oldest message that is not deleted, as CloudWatch had it last; none for a queue of which it has no
 * value. Messages that were received three times do not count. AWS charges for each queue that is asked for.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const oldestMessages = async (
  { clients, now }: Deployment,
  queueUrls: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const ages = new Map<string, number>();
  for (const part of chunks(queueUrls, maxMetrics)) {
    const { MetricDataResults = [] } = await clients.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(now() - lookBack),
        EndTime: new Date(now() + minute),
        MetricDataQueries: part.map(ageQuery),
        ScanBy: 'TimestampDescending',
      }),
    );
    part.forEach((queueUrl, index) => {
      const [latest] = MetricDataResults.find(({ Id }) => Id === `age${index}`)?.Values ?? [];
      if (latest !== undefined) ages.set(queueUrl, latest);
    });
  }
  return ages;
};

/**
 * What waits in queues, and for how long; undefined for a queue that does not exist any more. Ages are asked for only of queues in which
 * something waits.
 * @param ages how they are found
 */
export const describeQueues = async (
  deployment: Deployment,
  queueUrls: readonly string[],
  ages: (queueUrls: readonly string[]) => Promise<ReadonlyMap<string, number>> = (urls) =>
    oldestMessages(deployment, urls),
): Promise<ReadonlyMap<string, QueueState | undefined>> => {
  const depths = new Map<string, QueueDepth | undefined>();
  await forEachAtOnce(queueUrls, atOnce, async (url) => {
    depths.set(url, await queueDepth(deployment, url));
  });
  const filled = queueUrls.filter((url) => {
    const { waiting = 0, inFlight = 0 } = depths.get(url) ?? {};
    return waiting + inFlight > 0;
  });
  const oldest = filled.length === 0 ? new Map<string, number>() : await ages(filled);
  return new Map(
    queueUrls.map((url) => {
      const [depth, age] = [depths.get(url), oldest.get(url)];
      return [url, depth && { ...depth, ...(age !== undefined && { oldest: age }) }];
    }),
  );
};
