import { AwsError } from '../service.ts';

/** What AWS answers about a queue that is not there, or that the caller has nothing to do with. */
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
