import { expect, test } from '@jest/globals';
import { errorOf, newQueue } from './queues.ts';

const statement = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };

const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((more) => ({ ...statement, ...more })) });

const principals = (count: number) => ({
  Principal: { AWS: Array.from({ length: count }, (_, index) => String(100_000_000_000 + index)) },
});

const conditions = (count: number) => ({
  Condition: {
    StringEquals: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`aws:PrincipalTag/tag${index}`, 'value'] as const),
    ),
  },
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
test.each([
  ['20 statements', policy(...Array.from({ length: 20 }, () => ({}))), 'none'],
  ['21 statements', policy(...Array.from({ length: 21 }, () => ({}))), 'InvalidAttributeValue'],
  ['50 principals', policy(principals(25), principals(25)), 'none'],
  ['51 principals', policy(principals(25), principals(26)), 'InvalidAttributeValue'],
  ['10 conditions', policy(conditions(5), conditions(5)), 'none'],
  ['11 conditions', policy(conditions(5), conditions(6)), 'InvalidAttributeValue'],
  ['7 actions', policy({ Action: 'abcdefg'.split('').map((name) => `sqs:${name}`) }), 'none'],
  ['8 actions', policy({ Action: 'abcdefgh'.split('').map((name) => `sqs:${name}`) }), 'InvalidAttributeValue'],
])('a policy with %s', async (_what, Policy, error) => {
  expect(await errorOf(newQueue({ Policy }))).toBe(error);
});
