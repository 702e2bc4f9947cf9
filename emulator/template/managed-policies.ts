import type { PolicyDocument } from '../service.ts';

const logging = (...actions: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions.map((action) => `logs:${action}`), Resource: '*' }],
});

/** AWS's own policies a template may attach, by ARN. Source: AWS Managed Policy Reference Guide. */
export const awsManagedPolicies: Readonly<Record<string, PolicyDocument>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': logging(
    'CreateLogGroup',
    'CreateLogStream',
    'PutLogEvents',
  ),
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs': logging(
    ...['CreateLogGroup', 'CreateLogStream', 'DescribeLogGroups', 'DescribeLogStreams'],
    ...['PutLogEvents', 'GetLogEvents', 'FilterLogEvents'],
  ),
};
