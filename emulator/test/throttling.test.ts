import { expect, test } from '@jest/globals';
import { AwsError, type Principal } from '../service.ts';
import { throttleCalls } from '../throttling.ts';

const role = { type: 'role', roleArn: 'arn', roleName: 'r', roleId: 'id', sessionName: 's' } as const;

const outcomes = (service: string, action: string, calls: number, principal: Principal = role): unknown[] => {
  const before = throttleCalls(3).hook('before');
  return Array.from({ length: calls }, () => {
    try {
      return before({ service, action, principal, parameters: {} });
    } catch (error) {
      return error instanceof AwsError ? error.code : error;
    }
  });
};

test.each([
  ['sqs', 'SendMessage', 'RequestThrottled'],
  ['cognito-identity', 'GetId', 'TooManyRequestsException'],
  ['sts', 'AssumeRoleWithWebIdentity', 'IDPCommunicationError'],
  ['dynamodb', 'PutItem', 'ThrottlingException'],
  ['kinesis', 'PutRecords', 'ProvisionedThroughputExceededException'],
  ['lambda', 'Invoke', 'TooManyRequestsException'],
  ['s3', 'GetObject', 'SlowDown'],
])('every third call of %s:%s is refused with %s', (service, action, code) => {
  expect(outcomes(service, action, 6)).toEqual([undefined, undefined, code, undefined, undefined, code]);
});

test('ReceiveMessage is refused with RequestThrottled and OverLimit by turns', () => {
  const refused = outcomes('sqs', 'ReceiveMessage', 12).filter((outcome) => outcome !== undefined);
  expect(refused).toEqual(['RequestThrottled', 'OverLimit', 'RequestThrottled', 'OverLimit']);
});

test('calls that are not throttled on AWS, and the administrator, are never refused', () => {
  expect(outcomes('sts', 'GetCallerIdentity', 3)).toEqual([undefined, undefined, undefined]);
  expect(outcomes('sqs', 'SendMessage', 3, { type: 'administrator' })).toEqual([undefined, undefined, undefined]);
});
