import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { ServiceHarness } from '../lifecycle/service-harness.ts';

const itemSchema = z.object({ Item: z.record(z.string(), z.unknown()) });

const keys = { accessKey: { S: 'ASIAOLD' }, secretKey: { S: 'old secret' }, sessionToken: { S: 'old token' } };

test('the cleanup removes the keys that an older version kept in a record, and the session goes on', async () => {
  await using harness = await ServiceHarness.start();
  const { runtime } = harness;
  const TableName = runtime.outputs['SessionTableName'];
  const session = await harness.create(1, 'from before');
  const recordKey = { accountId: { N: '1' }, sessionId: { S: 'from before' } };
  const read = async (): Promise<object> =>
    itemSchema.parse(await runtime.ask('dynamodb', 'GetItem', { TableName, Key: recordKey })).Item;
  const record = await read();
  await runtime.ask('dynamodb', 'PutItem', { TableName, Item: { ...record, ...keys } });

  await harness.cleanUp();

  expect(await read()).toEqual(record);
  expect(await harness.keysWork(session)).toBe(true);
  expect((await harness.call('/status/1/from%20before')).status).toBe(200);
});

test('a renewal ends the session names that an older version kept in a record', async () => {
  await using harness = await ServiceHarness.start();
  const { runtime } = harness;
  const TableName = runtime.outputs['SessionTableName'];
  await harness.create(1, 'named');
  const recordKey = { accountId: { N: '1' }, sessionId: { S: 'named' } };
  await runtime.ask('dynamodb', 'UpdateItem', {
    TableName,
    Key: recordKey,
    UpdateExpression: 'SET sessionName = :one, nextSessionName = :two REMOVE nameSeed, nextNameSeed',
    ExpressionAttributeValues: { ':one': { S: 'a'.repeat(32) }, ':two': { S: 'b'.repeat(32) } },
  });

  const { status, body } = await harness.call<Session>('/renew/1/named');
  const { Item } = itemSchema.parse(await runtime.ask('dynamodb', 'GetItem', { TableName, Key: recordKey }));

  expect(status).toBe(200);
  harness.settle();
  expect(await harness.keysWork(body)).toBe(true);
  expect(Item).toMatchObject({ nameSeed: { S: 'a'.repeat(32) }, nextNameSeed: { S: 'b'.repeat(32) } });
  expect(Object.keys(Item)).not.toContain('sessionName');
});
