import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { isQueueOf } from '../../../functions/cleanup/queues.ts';
import { newQueueName, queueNameOf, queuePolicy } from '../../../functions/sessions/queues.ts';
import { shardOf, shards } from '../../../functions/sessions/session-record.ts';
import { environment, nameOf } from '../../tools/session-harness.ts';

const nameSeeds = fc.stringMatching(/^[0-9a-f]{32}$/);
const prefixes = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);

describe('a queue name', () => {
  test('is one SQS takes, and the same each time', () => {
    fc.assert(
      fc.property(prefixes, nameSeeds, (prefix, nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
        expect(newQueueName(prefix, nameSeed)).toBe(name);
        expect(name).not.toContain(nameSeed);
      }),
    );
  });

  test('is another for another session name', () => {
    fc.assert(
      fc.property(fc.uniqueArray(nameSeeds, { minLength: 2, maxLength: 2 }), ([one = '', two = '']) => {
        expect(newQueueName('p', one)).not.toBe(newQueueName('p', two));
      }),
    );
  });

  test('belongs to its shard and to no other', () => {
    fc.assert(
      fc.property(prefixes, nameSeeds, (prefix, nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(shards.filter((shard) => isQueueOf(prefix, shard, name))).toEqual([shardOf(name)]);
      }),
    );
  });

  test.each(['p-', 'p-a', 'p-a1', '', 'p-x'])('of the prefix %j is not one of the prefix p', (prefix) => {
    fc.assert(
      fc.property(nameSeeds, (nameSeed) => {
        const name = newQueueName(prefix, nameSeed);
        expect(shards.some((shard) => isQueueOf('p', shard, name))).toBe(false);
      }),
    );
  });

  test.each([
    'p-a',
    `p-a${'0'.repeat(30)}`,
    `p-a${'0'.repeat(32)}`,
    `p-a${'A'.repeat(31)}`,
    `p-a${'0'.repeat(31)}\n`,
    `xp-a${'0'.repeat(31)}`,
  ])('is not %j', (name) => {
    expect(isQueueOf('p', 'a', name)).toBe(false);
  });

  test('is the last part of a URL of any host', () => {
    expect(queueNameOf('http://127.0.0.1:4000/000000000000/p-1')).toBe('p-1');
    expect(queueNameOf('https://sqs.eu-west-1.amazonaws.com/123456789012/p-1')).toBe('p-1');
    expect(queueNameOf('p-1')).toBe('p-1');
  });
});

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

  test('checks the session name alone without a subject key', () => {
    const [statement] = policySchema.parse(
      JSON.parse(queuePolicy(arn, owner, { ...environment, subjectKey: 'none' })),
    ).Statement;
    expect(Object.keys(conditionSchema.parse(statement?.['Condition']))).toEqual(['StringEquals']);
  });

  test('names the table that has the session', () => {
    expect(JSON.parse(queuePolicy(arn, owner, environment))).toMatchObject({ Id: environment.sessionTableName });
  });
});
