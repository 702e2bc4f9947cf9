import { AwsError } from '../service.ts';

/**
 * The codes are those of the service model of @aws-sdk/client-sqs and of
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */

/** There is no such queue, or it is one of another account. */
export const queueDoesNotExist = () => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const missingParameter = (name: string) =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);

export const invalidParameter = (message: string) => new AwsError('InvalidParameterValue', message);

export const invalidAttributeValue = (name: string, reason = '') =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.${reason && ` Reason: ${reason}`}`);

export const unsupported = (what: string) =>
  new AwsError('UnsupportedOperation', `The emulator does not support ${what}.`);

export const invalidReceiptHandle = (handle: string) =>
  new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
