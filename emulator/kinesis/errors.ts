import { AwsError } from '../service.ts';

/**
 * The errors of a request: ValidationException where a constraint of the service model is broken, and SerializationException where a
 * value has the wrong type. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 * kinesalite compares both, and their messages, with Kinesis: https://github.com/mhart/kinesalite/tree/master/test
 */
export const validationFailure = (message: string) => new AwsError('ValidationException', message);

export const invalidArgument = (message: string) => new AwsError('InvalidArgumentException', message);

export const resourceNotFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const malformed = (message: string) => new AwsError('SerializationException', message);
