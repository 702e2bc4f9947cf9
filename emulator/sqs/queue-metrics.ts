import type { EpochMilliseconds } from '../clock.ts';
import type { Queue } from './queue.ts';

/** From so many receives on a message that was not deleted is not counted in the age of the oldest. */
const poisonReceives = 3;

/**
 * A queue's metrics as they are now, by the names that CloudWatch has for them; what is not reported of such a queue is left out.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * Assumed: a message in flight counts in the age of the oldest, and a delayed one too, because neither is processed.
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
