import { describe, expect, test } from '@jest/globals';
import { identityOf, queuePolicy, sessionPolicy } from '../../../functions/sessions/policies.ts';
import { environment } from '../../fakes/session-world.ts';

const arn = `arn:aws-us-gov:sqs:us-gov-east-1:123456789012:${'p'.repeat(80)}`;
const identityId = 'us-gov-east-1:12345678-1234-1234-1234-123456789012';
const owner = { identityId, sessionName: 'f'.repeat(32) };

interface Policy {
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

describe('the policy of a queue', () => {
  const [allow, deny, ...rest] = (JSON.parse(queuePolicy(arn, owner, environment)) as Policy).Statement;

  test('lets in one session of the browser role, for four actions', () => {
    expect(allow).toEqual({
      Sid: 'SessionKeysOnly',
      Effect: 'Allow',
      Principal: { AWS: environment.browserRoleArn },
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
      Resource: arn,
      Condition: {
        StringEquals: { 'aws:userid': `AROAEXAMPLE:${owner.sessionName}` },
        StringEqualsIfExists: { 'cognito-identity.amazonaws.com:sub': identityId },
      },
    });
  });

  test('refuses everything that is not encrypted', () => {
    const condition = { Bool: { 'aws:SecureTransport': 'false' } };
    expect(deny).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: arn,
      Condition: condition,
    });
    expect(rest).toEqual([]);
  });

  test('keeps to what SQS takes', () => {
    expect(Buffer.byteLength(queuePolicy(arn, owner, environment))).toBeLessThan(8192);
  });

  test('tells its identity again', () => {
    const policy = queuePolicy(arn, owner, environment);
    expect(identityOf(policy)).toBe(identityId);
    expect(identityOf(JSON.stringify(JSON.parse(policy), null, 2))).toBe(identityId);
    expect(identityOf(policy.replace(`"${identityId}"`, `["${identityId}"]`))).toBe(identityId);
  });

  test.each([undefined, '', '{}', '{"cognito-identity.amazonaws.com:sub":"*"}'])(
    'of %j names no identity',
    (policy) => {
      expect(identityOf(policy)).toBeUndefined();
    },
  );
});

describe('the policy of a session', () => {
  test('allows four actions on one queue and nothing else', () => {
    expect((JSON.parse(sessionPolicy(arn)) as Policy).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
        Resource: arn,
      },
    ]);
  });

  test('keeps to the 2048 characters STS takes', () => {
    expect(sessionPolicy(arn).length).toBeLessThan(2048);
  });
});
