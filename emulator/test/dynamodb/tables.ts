import { afterAll } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDb } from '../../dynamodb/index.ts';
import { location, serve } from '../service-server.ts';

export { clock } from '../service-server.ts';

export const dynamodb = createDynamoDb(location);
const plain = new DynamoDBClient(await serve(dynamodb));
export const client = DynamoDBDocumentClient.from(plain);

afterAll(() => {
  dynamodb.stop();
  plain.destroy();
});

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
const include = (...NonKeyAttributes: string[]) => ({ ProjectionType: 'INCLUDE', NonKeyAttributes });

/** A table with a local and a global index, as CloudFormation describes it. */
export const properties = {
  AttributeDefinitions: [
    attribute('account', 'N'),
    attribute('id', 'S'),
    attribute('route', 'S'),
    attribute('part', 'S'),
    attribute('expires', 'N'),
  ],
  KeySchema: [key('account', 'HASH'), key('id', 'RANGE')],
  LocalSecondaryIndexes: [
    { IndexName: 'routes', KeySchema: [key('account', 'HASH'), key('route', 'RANGE')], Projection: include('url') },
  ],
  GlobalSecondaryIndexes: [
    { IndexName: 'byPart', KeySchema: [key('part', 'HASH'), key('expires', 'RANGE')], Projection: include('url') },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  SSESpecification: { SSEEnabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
};

let tables = 0;

/** Creates a table with a name of its own. */
export const newTable = async (): Promise<string> => {
  const name = `table-${++tables}`;
  await dynamodb.createTable(name, properties);
  return name;
};

export type Item = Record<string, unknown>;

export const put = (TableName: string, Item: Item) => client.send(new PutCommand({ TableName, Item }));

/** An item with everything the indexes need. */
export const item = (account: number, id: string, more: Item = {}): Item => ({
  account,
  id,
  route: `s#${id}`,
  part: 'a',
  expires: 1,
  url: `url of ${id}`,
  secret: 'not in the indexes',
  ...more,
});
