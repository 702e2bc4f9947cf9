import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { queuePolicy } from '../../../functions/sessions/queues.ts';
import { environment, nameOf } from '../../tools/session-world.ts';

const arn = `arn:aws-us-gov:sqs:us-gov-east-1:123456789012:${'p'.repeat(80)}`;
const identityId = 'us-gov-east-1:12345678-1234-1234-1234-123456789012';
const owner = { identityId, nameSeed: 'f'.repeat(32), nextNameSeed: 'e'.repeat(32) };

const policySchema = z.object({ Statement: z.array(z.record(z.string(), z.unknown())) });
const conditionSchema = z.record(z.string(), z.unknown());

describe('the policy of a queue', () => {
  const [allow, deny, ...rest] = policySchema.parse(JSON.parse(queuePolicy(arn, owner, environment))).Statement;

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
    const [statement] = policySchema.parse(
      JSON.parse(queuePolicy(arn, owner, { ...environment, subjectKey: 'none' })),
    ).Statement;
    expect(Object.keys(conditionSchema.parse(statement?.['Condition']))).toEqual(['StringEquals']);
  });

  test('names the table that has the session', () => {
    expect(JSON.parse(queuePolicy(arn, owner, environment))).toMatchObject({ Id: environment.sessionTableName });
  });
});
