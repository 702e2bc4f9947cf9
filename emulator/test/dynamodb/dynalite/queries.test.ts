import { beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { client, item, newTable, put } from '../tables.ts';

let TableName = '';

beforeAll(async () => {
  TableName = await newTable();
  for (let index = 0; index < 25; index += 1) {
    const id = `id-${String(index).padStart(2, '0')}`;
    const route = index % 5 === 0 ? `u#${index}#${id}` : `s#${id}`;
    await put(TableName, item(1, id, { route, part: index % 2 === 0 ? 'even' : 'odd', expires: index }));
  }
  await put(TableName, item(2, '🦊', { route: 'u#7#🦊', part: 'fox' }));
});

const query = (input: Partial<QueryCommandInput>) => {
  const ofAccount = { KeyConditionExpression: 'account = :account', ExpressionAttributeValues: { ':account': 1 } };
  return client.send(new QueryCommand({ TableName, ...ofAccount, ...input }));
};

/** All pages of a query, as the ids of each. */
const pages = async (input: Partial<QueryCommandInput>) => {
  const found: string[][] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await query({ ...input, ExclusiveStartKey });
    found.push((page.Items ?? []).map(({ id }) => String(id)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
};

test('answers a partition in the order of its sort key, and backwards', async () => {
  const [ids = []] = await pages({});
  expect(ids).toHaveLength(25);
  expect([...ids].sort()).toEqual(ids);
  expect((await pages({ ScanIndexForward: false })).flat()).toEqual([...ids].reverse());
});

test('pages with a limit, every item once', async () => {
  const found = await pages({ Limit: 10 });
  expect(found.map((page) => page.length)).toEqual([10, 10, 5]);
  expect(new Set(found.flat()).size).toBe(25);
});

describe('a local index, read consistently', () => {
  const routes = {
    IndexName: 'routes',
    ConsistentRead: true,
    Select: 'SPECIFIC_ATTRIBUTES',
    ProjectionExpression: 'id, #u',
  } as const;
  const names = { ExpressionAttributeNames: { '#u': 'url' } };
  const beginning = (prefix: string, account = 1) => ({
    ...routes,
    ...names,
    KeyConditionExpression: 'account = :account AND begins_with(route, :prefix)',
    ExpressionAttributeValues: { ':account': account, ':prefix': prefix },
  });

  test('answers what the projection expression names', async () => {
    const { Items } = await query(beginning('u#10#'));
    expect(Items).toEqual([{ id: 'id-10', url: 'url of id-10' }]);
  });

  test('answers what begins with a prefix and nothing else', async () => {
    expect((await pages(beginning('u#'))).flat().sort()).toEqual(['id-00', 'id-05', 'id-10', 'id-15', 'id-20']);
    expect((await pages(beginning('u#1'))).flat()).toEqual(['id-10', 'id-15']);
    expect((await pages(beginning('u#7#🦊', 2))).flat()).toEqual(['🦊']);
  });

  test('pages', async () => {
    const found = await pages({ ...beginning('s#'), Limit: 7 });
    expect(found.map((page) => page.length)).toEqual([7, 7, 6]);
    expect(new Set(found.flat()).size).toBe(20);
  });

  test('holds only what it projects', async () => {
    const { Items = [] } = await query({ IndexName: 'routes', Limit: 1 });
    expect(Object.keys(Items[0] ?? {}).sort()).toEqual(['account', 'id', 'route', 'url']);
  });

  test('shows a write as soon as it is answered, and a removal', async () => {
    await put(TableName, item(3, 'new'));
    const ofThree = { ...routes, ...names, ExpressionAttributeValues: { ':account': 3 } };
    expect((await pages(ofThree)).flat()).toEqual(['new']);
    await put(TableName, item(3, 'new', { route: 'u#9#new' }));
    expect((await pages(beginning('u#9', 3))).flat()).toEqual(['new']);
    expect((await pages(beginning('s#', 3))).flat()).toEqual([]);
    await client.send(new DeleteCommand({ TableName, Key: { account: 3, id: 'new' } }));
    expect((await pages(ofThree)).flat()).toEqual([]);
  });
});

describe('a global index', () => {
  const older = (part: string, time: number) => ({
    IndexName: 'byPart',
    KeyConditionExpression: 'part = :part AND expires < :time',
    ExpressionAttributeValues: { ':part': part, ':time': time },
  });

  test('answers a range of its sort key in order of numbers', async () => {
    expect((await pages(older('even', 11))).flat()).toEqual(['id-00', 'id-02', 'id-04', 'id-06', 'id-08', 'id-10']);
  });

  test('pages', async () => {
    expect((await pages({ ...older('odd', 100), Limit: 5 })).map((page) => page.length)).toEqual([5, 5, 2]);
  });

  test('is never read consistently', async () => {
    await expect(query({ ...older('odd', 1), ConsistentRead: true })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

test('Scan pages over all partitions and filters', async () => {
  const scan = async (ExclusiveStartKey?: Record<string, unknown>): Promise<string[]> => {
    const request = {
      TableName,
      Limit: 6,
      FilterExpression: 'expires >= :least',
      ExpressionAttributeValues: { ':least': 20 },
    };
    const page = await client.send(new ScanCommand({ ...request, ExclusiveStartKey }));
    const ids = (page.Items ?? []).map(({ id }) => String(id));
    return page.LastEvaluatedKey ? [...ids, ...(await scan(page.LastEvaluatedKey))] : ids;
  };
  expect((await scan()).sort()).toEqual(['id-20', 'id-21', 'id-22', 'id-23', 'id-24']);
});

test('refuses the start key of another partition', async () => {
  const refused = query({ ExclusiveStartKey: { account: 2, id: '🦊' } });
  await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
});
