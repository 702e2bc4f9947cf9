import { describe, expect, test } from '@jest/globals';
import { sessionPolicy } from '../../../functions/sessions/identities.ts';

const arn = `arn:aws-us-gov:sqs:us-gov-east-1:123456789012:${'p'.repeat(80)}`;

describe('the policy of a session', () => {
  test('allows three actions on one queue and nothing else', () => {
    expect(JSON.parse(sessionPolicy(arn))).toHaveProperty('Statement', [
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
        Resource: arn,
      },
    ]);
  });

  test('keeps to the 2048 characters STS takes', () => {
    expect(sessionPolicy(arn).length).toBeLessThan(2048);
  });
});
