/** A service's only path is `/`; a queue has its own. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
const serviceRoot = /^\/(?:\d{12}\/[\w.-]+\/?)?$/;

/** Whether a request for this path can have AWS's JSON or query protocol. */
export const isServiceRoot = (path: string): boolean => serviceRoot.test(path);
