import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { addressedQueue, queuePermission } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';

/** Milliseconds between two purges of a queue: PurgeQueueInProgress in https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
const purgeInterval = 60_000;

export const purgeQueue = (sqs: SqsState): Action => ({
  permissions: queuePermission(sqs, 'PurgeQueue'),
  run: (parameters) => {
    const queue = addressedQueue(sqs, parameters);
    const now = sqs.now();
    if (queue.purgedAt !== undefined && now - queue.purgedAt < purgeInterval) {
      const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
      throw new AwsError('PurgeQueueInProgress', message);
    }
    queue.purgedAt = now;
    queue.purge();
    return {};
  },
});
