import { describe, expect, test } from '@jest/globals';
import { CreateBackupCommand, DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { client, dynamodb, item, newTable, properties, put } from '../tables.ts';

const get = async (TableName: string, account: number, id: string) =>
  (await client.send(new GetCommand({ TableName, Key: { account, id }, ConsistentRead: true }))).Item;

test.each(['a/b', ' ', "'", '"', '@@', '🦊', 'שלום', '\u0000', 'x'.repeat(1024), '🦊'.repeat(255), '__proto__'])(
  'keeps an item under the key %j',
  async (id) => {
    const table = await newTable();
    const stored = item(1, id, { route: 'r', text: '👩‍👩‍👧‍👦', list: [1, null, { deep: true }] });
    await put(table, stored);
    expect(await get(table, 1, id)).toEqual(stored);
  },
);

test('keeps an item of 400 KB and refuses a larger one', async () => {
  const table = await newTable();
  const text = 'x'.repeat(400 * 1024 - 200);
  await put(table, item(1, 'large', { text }));
  expect((await get(table, 1, 'large'))?.['text']).toBe(text);
  await expect(put(table, item(1, 'larger', { text: `${text}${'x'.repeat(200)}` }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('answers nothing for a key that is not there', async () => {
  expect(await get(await newTable(), 1, 'x')).toBeUndefined();
});

test('answers only the attributes asked for', async () => {
  const TableName = await newTable();
  await put(TableName, item(1, 'a'));
  const request = {
    TableName,
    Key: { account: 1, id: 'a' },
    ProjectionExpression: '#u',
    ExpressionAttributeNames: { '#u': 'url' },
  };
  expect((await client.send(new GetCommand(request))).Item).toEqual({ url: 'url of a' });
});

describe('a conditional write', () => {
  const ifAbsent = (TableName: string, value: number) =>
    client.send(
      new PutCommand({
        TableName,
        Item: item(1, 'a', { value }),
        ConditionExpression: 'attribute_not_exists(account)',
      }),
    );

  test('lets one of many win', async () => {
    const table = await newTable();
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, value) => ifAbsent(table, value)));
    const failures = results.filter((result) => result.status === 'rejected');
    expect(failures).toHaveLength(39);
    expect(failures.map(({ reason }) => reason instanceof Error && reason.name)).toEqual(
      failures.map(() => 'ConditionalCheckFailedException'),
    );
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    expect((await get(table, 1, 'a'))?.['value']).toBe(winner);
  });

  test('counts every version once', async () => {
    const TableName = await newTable();
    await put(TableName, item(1, 'a', { version: 0 }));
    const raise = async (version: number) =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { account: 1, id: 'a' },
          UpdateExpression: 'SET version = :next, updated = :true REMOVE secret',
          ConditionExpression: 'version = :seen',
          ExpressionAttributeValues: { ':seen': version, ':next': version + 1, ':true': true },
        }),
      );
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, attempt) => raise(attempt % 3)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(3);
    const after = await get(TableName, 1, 'a');
    expect(after).toMatchObject({
      version: results.filter(({ status }) => status === 'fulfilled').length,
      updated: true,
    });
    expect(after).not.toHaveProperty('secret');
  });

  test('of a delete leaves what has changed', async () => {
    const TableName = await newTable();
    await put(TableName, item(1, 'a', { expires: 10 }));
    const remove = (seen: number) =>
      client.send(
        new DeleteCommand({
          TableName,
          Key: { account: 1, id: 'a' },
          ConditionExpression: 'expires = :seen',
          ExpressionAttributeValues: { ':seen': seen },
          ReturnValues: 'ALL_OLD',
        }),
      );
    await expect(remove(9)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect((await remove(10)).Attributes).toMatchObject({ id: 'a' });
    expect(await get(TableName, 1, 'a')).toBeUndefined();
  });
});

test('updates and answers as asked', async () => {
  const TableName = await newTable();
  const update = { TableName, Key: { account: 1, id: 'a' }, ReturnValues: 'ALL_NEW' } as const;
  const count = { UpdateExpression: 'SET visits = if_not_exists(visits, :zero) + :one' };
  const ExpressionAttributeValues = { ':zero': 0, ':one': 1 };
  await client.send(new UpdateCommand({ ...update, ...count, ExpressionAttributeValues }));
  const { Attributes } = await client.send(new UpdateCommand({ ...update, ...count, ExpressionAttributeValues }));
  expect(Attributes).toEqual({ account: 1, id: 'a', visits: 2 });
});

test('writes and reads in batches', async () => {
  const table = await newTable();
  const requests = ['a', 'b', 'c'].map((id) => ({ PutRequest: { Item: item(1, id) } }));
  await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  const Keys = ['a', 'c', 'x'].map((id) => ({ account: 1, id }));
  const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [table]: { Keys } } }));
  expect((Responses?.[table] ?? []).map((found) => String(found['id'])).sort()).toEqual(['a', 'c']);
});

test('describes and lists tables', async () => {
  const TableName = await newTable();
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({
    TableName,
    TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
    TableStatus: 'ACTIVE',
    KeySchema: properties.KeySchema,
  });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
});

describe('refuses', () => {
  test('a table that is not there', async () => {
    await expect(get('nowhere', 1, 'a')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('an item without its key', async () => {
    await expect(put(await newTable(), { account: 1 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('an expression that is none', async () => {
    const request = {
      TableName: await newTable(),
      KeyConditionExpression: 'account == :a',
      ExpressionAttributeValues: { ':a': 1 },
    };
    await expect(client.send(new QueryCommand(request))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('an action it does not have by name', async () => {
    const backup = new CreateBackupCommand({ TableName: await newTable(), BackupName: 'backup' });
    await expect(client.send(backup)).rejects.toThrow('dynamodb:CreateBackup');
  });

  test('a parameter it does not have by name', async () => {
    const request = {
      TableName: await newTable(),
      Item: item(1, 'a'),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    await expect(client.send(new PutCommand(request))).rejects.toThrow('ReturnValuesOnConditionCheckFailure');
  });

  test('parameters that expressions have replaced', async () => {
    const KeyConditions = { account: { ComparisonOperator: 'EQ' as const, AttributeValueList: [1] } };
    const query = new QueryCommand({ TableName: await newTable(), KeyConditions });
    await expect(client.send(query)).rejects.toThrow('KeyConditions');
  });

  test('a table property it does not have by name', async () => {
    const refused = dynamodb.createTable('refused', { ...properties, StreamSpecification: {} });
    await expect(refused).rejects.toThrow('StreamSpecification');
  });
});
