import type { EventSourceMappingOptions } from '../index.ts';
import type { Batch, EventSource } from './batch.ts';
import { eventOf, firstFailure } from './batch.ts';
import { failedBatchObject } from './failed-batch.ts';
import type { Failure } from './failed-batch.ts';
import type { MappingSettings } from './mapping-settings.ts';

export interface BatchDelivery extends EventSource {
  readonly options: EventSourceMappingOptions;
  readonly settings: MappingSettings;
  /** Waits on the clock; false when the mapping was stopped meanwhile. */
  readonly wait: (milliseconds: number) => Promise<boolean>;
}

/**
 * The rules of failed batches: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 * Assumed: how long Lambda waits between retries, how often it writes to a bucket that refuses, and that the count of retries starts
 * again when the function has processed a part of the batch.
 */
const firstWait = 1000;
const maxWait = 30_000;

/** How often a discarded batch is written to a bucket that refuses it. */
const bucketAttempts = 3;

/** Splits off the records that are older than MaximumRecordAgeInSeconds. */
const ageSplit = (batch: Batch, { options, settings }: BatchDelivery): [old: Batch, rest: Batch] => {
  const oldest = options.clock.now() - settings.recordAgeMilliseconds;
  const fresh = batch.findIndex(({ ApproximateArrivalTimestamp: arrival }) => arrival * 1000 >= oldest);
  return fresh === -1 ? [batch, []] : [batch.slice(0, fresh), batch.slice(fresh)];
};

const giveUp = async (
  batch: Batch,
  why: Pick<Failure, 'condition' | 'invocations'>,
  { options, settings, ...source }: BatchDelivery,
): Promise<void> => {
  if (batch.length === 0 || settings.failureBucket === undefined) return;
  const { id: mappingId, functionArn, clock } = options;
  const failure = { ...source, ...why, mappingId, functionArn, now: clock.now() };
  const object = { Bucket: settings.failureBucket, ...failedBatchObject(batch, failure) };
  for (let tried = 0; tried < bucketAttempts; tried += 1) {
    try {
      await options.call('s3', 'PutObject', object);
      return;
    } catch (error) {
      options.onProblem?.(error instanceof Error ? error : new Error(String(error)));
    }
  }
};

/** How many records the function processed: the batch's length when it processed all, 0 when it failed. */
const attempt = async (batch: Batch, { options, settings, ...source }: BatchDelivery): Promise<number> => {
  try {
    const answer = await options.invoke(settings.functionName, eventOf(batch, source));
    return settings.reportsItemFailures ? firstFailure(batch, answer) : batch.length;
  } catch {
    return 0;
  }
};

/**
 * Invokes the function until every record of the batch is processed or given up. A batch that fails is halved if the mapping says so,
 * which does not count as a retry. When the function reports a failed item, the records from this item on are tried again. Records
 * that were retried as often as allowed, or are too old, go to the on-failure destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export const deliverBatch = async (all: Batch, delivery: BatchDelivery): Promise<void> => {
  const { settings, options } = delivery;
  const left: Batch[] = [all];
  let retries = 0;
  for (let batch = left.shift(); batch; batch = left.shift()) {
    const [old, records] = ageSplit(batch, delivery);
    await giveUp(old, { condition: 'RecordAgeExceeded', invocations: retries }, delivery);
    if (records.length === 0) continue;
    const done = await attempt(records, delivery);
    if (done === records.length) {
      retries = 0;
      continue;
    }
    const rest = records.slice(done);
    if (done > 0) {
      retries = 0;
      left.unshift(rest);
    } else if (settings.bisects && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      left.unshift(rest.slice(0, middle), rest.slice(middle));
    } else if (retries >= settings.retryAttempts) {
      await giveUp(rest, { condition: 'RetryAttemptsExhausted', invocations: retries + 1 }, delivery);
      retries = 0;
    } else {
      const pause = Math.min(firstWait * 2 ** retries, maxWait);
      if (options.instantRetries) options.passTime?.(pause);
      retries += 1;
      left.unshift(rest);
      if (!(await delivery.wait(options.instantRetries ? 0 : pause))) return;
    }
  }
};
