/** The CloudWatch namespace of every metric below; alarms and the dashboard name it too. */
export const metricsNamespace = 'sqs-browser';

/**
 * What dispatch counts, and what there is. Each thing is counted by one function, once, when it is settled: a record that the stream
 * delivers again is counted by the call that finishes it.
 */
export const metricNames = {
  /** Records taken from the stream and notify calls. */
  messagesReceived: 'MessagesReceived',
  /** Messages whose sessions have all been found. */
  messagesRouted: 'MessagesRouted',
  /** Sessions found, once for each dispatch. */
  sessionsTargeted: 'SessionsTargeted',
  /** Messages accepted by SQS, once for each session. */
  messagesDelivered: 'MessagesDelivered',
  /** Sessions whose queue turned out to be deleted. */
  queuesGone: 'QueuesGone',
  /** Messages sent to the undelivered queue, once for each session. */
  messagesDeadLettered: 'MessagesDeadLettered',
  /** Records put in the rejected queue. */
  recordsRejected: 'RecordsRejected',
  /** Pairs that the pool has when it is about to be filled. Nothing else adds any: at 0, creates find no pair. */
  pairsFree: 'PairsFree',
  /** Milliseconds from the entry of a message to its acceptance by SQS, once for each message delivered. */
  deliveryLatency: 'DeliveryLatency',
} as const;
