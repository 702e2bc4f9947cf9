import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Emulator } from '../../index.ts';
import { MovableClock, startEmulator } from '../../index.ts';

const countSchema = z.object({ Count: z.number() });

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: ['id', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byKind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

let clock: MovableClock;
let emulator: Emulator;

beforeEach(async () => {
  clock = new MovableClock({ standsAt: Date.parse('2026-01-01T00:00:00Z') });
  const Resources = { Table: table, Made: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'made' } } };
  emulator = await startEmulator({ template: { Resources }, clock, worstCase: true });
});

afterEach(() => emulator.stop());

const sqs = (action: string, parameters: object = {}) =>
  emulator.ask('sqs', action, { QueueUrl: `${emulator.url}/000000000000/jobs`, ...parameters });

const createQueue = async (): Promise<void> => {
  await sqs('CreateQueue', { QueueName: 'jobs' });
  clock.advance(1_000);
};

describe('in the worst case', () => {
  test('a new queue does not exist in its first second, one of the template does', async () => {
    await sqs('CreateQueue', { QueueName: 'jobs' });
    await expect(sqs('ReceiveMessage')).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    clock.advance(1_000);
    await expect(sqs('ReceiveMessage')).resolves.toEqual({});
    await expect(sqs('ReceiveMessage', { QueueUrl: `${emulator.url}/000000000000/made` })).resolves.toEqual({});
  });

  test('attributes hold after a minute', async () => {
    await createQueue();
    await sqs('SetQueueAttributes', { Attributes: { DelaySeconds: '5' } });
    const delay = () => sqs('GetQueueAttributes', { AttributeNames: ['DelaySeconds'] });
    clock.advance(59_999);
    expect(await delay()).toEqual({ Attributes: { DelaySeconds: '0' } });
    clock.advance(1);
    expect(await delay()).toEqual({ Attributes: { DelaySeconds: '5' } });
  });

  test('a deleted queue takes requests for a minute, and its name is not free', async () => {
    await createQueue();
    await sqs('DeleteQueue');
    clock.advance(59_999);
    await expect(sqs('SendMessage', { MessageBody: 'late' })).resolves.toHaveProperty('MessageId');
    await expect(sqs('CreateQueue', { QueueName: 'jobs' })).rejects.toMatchObject({ code: 'QueueDeletedRecently' });
    clock.advance(1);
    await sqs('CreateQueue', { QueueName: 'jobs' });
    clock.advance(1_000);
    await expect(sqs('ReceiveMessage')).resolves.toEqual({});
  });

  test('a global index shows a write two seconds later, the table at once', async () => {
    const item = { id: { S: '1' }, kind: { S: 'a' } };
    await emulator.ask('dynamodb', 'PutItem', { TableName: 'Things', Item: item });
    const query = {
      TableName: 'Things',
      IndexName: 'byKind',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: 'a' } },
    };
    expect(await emulator.ask('dynamodb', 'Query', query)).toMatchObject({ Count: 0 });
    expect(await emulator.ask('dynamodb', 'GetItem', { TableName: 'Things', Key: { id: { S: '1' } } })).toEqual({
      Item: item,
    });
    clock.advance(2_000);
    let answer = await emulator.ask('dynamodb', 'Query', query);
    // The clock's alarms go off in a later turn.
    while (countSchema.parse(answer).Count === 0) {
      await setImmediate();
      answer = await emulator.ask('dynamodb', 'Query', query);
    }
    expect(answer).toMatchObject({ Items: [item] });
  });

  test('the administrator is not throttled', async () => {
    for (let call = 0; call < 30; call++) await expect(sqs('ListQueues')).resolves.toBeDefined();
  });
});
