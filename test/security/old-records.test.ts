import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { rareCleanup, World } from '../lifecycle/world.ts';

const itemSchema = z.object({ Item: z.record(z.string(), z.unknown()) });

const keys = { accessKey: { S: 'ASIAOLD' }, secretKey: { S: 'old secret' }, sessionToken: { S: 'old token' } };

test('the cleanup removes the keys that an older version kept in a record, and the session goes on', async () => {
  await using world = await World.start(rareCleanup);
  const { runtime } = world;
  const TableName = runtime.outputs['SessionTableName'];
  const session = await world.create(1, 'from before');
  const recordKey = { accountId: { N: '1' }, sessionId: { S: 'from before' } };
  const read = async (): Promise<object> =>
    itemSchema.parse(await runtime.ask('dynamodb', 'GetItem', { TableName, Key: recordKey })).Item;
  const record = await read();
  await runtime.ask('dynamodb', 'PutItem', { TableName, Item: { ...record, ...keys } });

  await world.cleanUp();

  expect(await read()).toEqual(record);
  expect(await world.keysWork(session)).toBe(true);
  expect((await world.call('/status/1/from%20before')).status).toBe(200);
});

test('a renewal ends the session names that an older version kept in a record', async () => {
  await using world = await World.start(rareCleanup);
  const { runtime } = world;
  const TableName = runtime.outputs['SessionTableName'];
  await world.create(1, 'named');
  const recordKey = { accountId: { N: '1' }, sessionId: { S: 'named' } };
  await runtime.ask('dynamodb', 'UpdateItem', {
    TableName,
    Key: recordKey,
    UpdateExpression: 'SET sessionName = :one, nextSessionName = :two REMOVE nameSeed, nextNameSeed',
    ExpressionAttributeValues: { ':one': { S: 'a'.repeat(32) }, ':two': { S: 'b'.repeat(32) } },
  });

  const { status, body } = await world.call<Session>('/renew/1/named');
  const { Item } = itemSchema.parse(await runtime.ask('dynamodb', 'GetItem', { TableName, Key: recordKey }));

  expect(status).toBe(200);
  world.settle();
  expect(await world.keysWork(body)).toBe(true);
  expect(Item).toMatchObject({ nameSeed: { S: 'a'.repeat(32) }, nextNameSeed: { S: 'b'.repeat(32) } });
  expect(Object.keys(Item)).not.toContain('sessionName');
});
