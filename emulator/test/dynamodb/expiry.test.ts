import { expect, test } from '@jest/globals';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { client, clock, item, newTable, put } from './tables.ts';

const hour = 3_600_000;

const ids = async (TableName: string) =>
  ((await client.send(new ScanCommand({ TableName }))).Items ?? []).map(({ id }) => String(id)).sort();

/** Asks until the table holds so many items. */
const left = async (table: string, count: number): Promise<string[]> => {
  const found = await ids(table);
  return found.length === count ? found : await left(table, count);
};

test('removes an expired item some time later, and no other', async () => {
  const table = await newTable();
  const soon = Math.floor(clock.now() / 1000) + 60;
  await put(table, item(1, 'expired', { ttl: soon }));
  await put(table, item(1, 'later', { ttl: soon + 7200 }));
  await put(table, item(1, 'forever'));
  await put(table, item(1, 'text', { ttl: 'soon' }));
  clock.advance(120_000);
  expect(await ids(table)).toHaveLength(4);
  clock.advance(hour);
  expect(await left(table, 3)).toEqual(['forever', 'later', 'text']);
  clock.advance(2 * hour);
  expect(await left(table, 2)).toEqual(['forever', 'text']);
});
