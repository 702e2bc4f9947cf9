import { describe, expect, test } from '@jest/globals';
import { queuePolicy } from '../../../functions/sessions/queues.ts';
import { environment, nameOf } from '../../fakes/session-world.ts';

const arn = `arn:aws-us-gov:sqs:us-gov-east-1:123456789012:${'p'.repeat(80)}`;
const identityId = 'us-gov-east-1:12345678-1234-1234-1234-123456789012';
const owner = { identityId, nameSeed: 'f'.repeat(32), nextNameSeed: 'e'.repeat(32) };

interface Policy {
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

describe('the policy of a queue', () => {
  const [allow, deny, ...rest] = (JSON.parse(queuePolicy(arn, owner, environment)) as Policy).Statement;

  test('lets in two session names of the browser role, for three actions', () => {
    expect(allow).toEqual({
      Sid: 'SessionKeysOnly',
      Effect: 'Allow',
      Principal: { AWS: environment.browserRoleArn },
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      Resource: arn,
      Condition: {
        StringEquals: {
          'aws:userid': [`AROAEXAMPLE:${nameOf(owner.nameSeed)}`, `AROAEXAMPLE:${nameOf(owner.nextNameSeed)}`],
        },
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

  test('looks at the session name alone where it is told to', () => {
    const [statement] = (JSON.parse(queuePolicy(arn, owner, { ...environment, subjectKey: 'none' })) as Policy)
      .Statement;
    expect(Object.keys(statement?.['Condition'] as object)).toEqual(['StringEquals']);
  });

  test('names the table that has the session', () => {
    expect(JSON.parse(queuePolicy(arn, owner, environment))).toMatchObject({ Id: environment.sessionTableName });
  });
});
