import type { EpochMilliseconds } from '../clock.ts';
import type { Queue } from './queue.ts';

/** A message that was received this often and not deleted does not count in ApproximateAgeOfOldestMessage. */
const poisonReceives = 3;

/**
 * A queue's metrics as they are now, by their names in CloudWatch. A metric that SQS does not report for the queue is left out.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * Assumed: messages in flight and delayed messages count in ApproximateAgeOfOldestMessage, because they are not processed.
 */
export const measureQueue = (queue: Queue, now: EpochMilliseconds): Readonly<Record<string, number>> => {
  if (now < queue.measuredFrom) return {};
  const { visible, inFlight, delayed } = queue.counts();
  let oldest = Infinity;
  for (const { sentAt, receiveCount } of queue.messages()) {
    if (receiveCount < poisonReceives) oldest = Math.min(oldest, sentAt);
  }
  return {
    ApproximateNumberOfMessagesVisible: visible,
    ...(inFlight > 0 && { ApproximateNumberOfMessagesNotVisible: inFlight }),
    ...(delayed > 0 && { ApproximateNumberOfMessagesDelayed: delayed }),
    ...(oldest !== Infinity && { ApproximateAgeOfOldestMessage: Math.floor((now - oldest) / 1000) }),
  };
};
