import { AwsError } from '../service.ts';

/** The errors of https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html. Assumed: their messages. */
export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const noLogGroup = () => new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');

export const noLogStream = () => new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
