/** Every bound of dispatch, in bytes of UTF-8 unless the name says otherwise. */

/** The longest message body that is delivered. */
export const messageLimit = 200 * 1024;

/** What the messages of one execution may come to as JSON. A message that is larger by itself is stored instead. */
export const executionLimit = 96 * 1024;

/**
 * What the deliveries of one page may come to as JSON. With the messages and the results of the deliveries they make up
 * a state of the machine, which stays below 200 KiB; Step Functions ends an execution at 256 KiB.
 */
export const pageLimit = 80 * 1024;

/** Deliveries on one page: each adds a result of about 80 bytes to the state. */
export const pageDeliveries = 100;

/** What one delivery may come to as JSON: the answer repeats it when nothing could be delivered. */
export const deliveryLimit = 24 * 1024;

/** SendMessageBatch calls in one delivery, unless a single session needs more. */
export const deliverySends = 200;

/** What one delivery sends at most, unless a single session gets more: a few seconds' worth of network. */
export const deliveryPayload = 50 * 1024 * 1024;

/** Entries of a SendMessageBatch call, by the API's reference. */
export const batchEntries = 10;

/**
 * Bodies and attributes of a SendMessageBatch call. The API's reference allows 1 MiB, 1,048,576 bytes; the rest is room
 * for what it may count besides.
 */
export const batchPayload = 1024 * 1024 - 1024;

/** What may be on its way to SQS at once from one function: a call's body is held about four times over. */
export const payloadInFlight = 12 * 1024 * 1024;

/** SendMessageBatch calls on their way at once. */
export const sendsInFlight = 64;
