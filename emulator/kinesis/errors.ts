import { AwsError } from '../service.ts';

export const validationFailure = (message: string) => new AwsError('ValidationException', message);

export const invalidArgument = (message: string) => new AwsError('InvalidArgumentException', message);

export const resourceNotFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const malformed = (message: string) => new AwsError('SerializationException', message);
