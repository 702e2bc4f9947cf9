/** How long Amazon SQS takes until a change holds everywhere, in milliseconds. */
export interface Propagation {
  /** A new queue answers QueueDoesNotExist until then. */
  readonly newQueue: number;
  /** Attributes, the policy among them, have their former values until then. */
  readonly attributes: number;
  /** Requests to a deleted queue succeed until then. */
  readonly deletion: number;
  /** CloudWatch has no metrics of a new queue until then. */
  readonly metrics: number;
}

export const immediate: Propagation = { newQueue: 0, attributes: 0, deletion: 0, metrics: 0 };

/**
 * As slow as documented: "you must wait at least one second after the queue is created", "up to 60 seconds", "up to 60 seconds", "up to 15 minutes".
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
 */
export const slowest: Propagation = { newQueue: 1_000, attributes: 60_000, deletion: 60_000, metrics: 15 * 60_000 };
