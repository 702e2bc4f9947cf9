import { describe, expect, test } from '@jest/globals';
import { dynamodb, properties } from './tables.ts';

await dynamodb.createTable('sessions', properties);

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/sessions';

const needed = (action: string, parameters: object) =>
  dynamodb.actions[action]?.permissions?.({ TableName: 'sessions', ...parameters });

const contextOf = (action: string, parameters: object) => needed(action, parameters)?.[0]?.context;

test.each(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable'])(
  '%s needs its permission on the table',
  (action) => {
    expect(needed(action, {})).toMatchObject([{ action: `dynamodb:${action}`, resource: table }]);
  },
);

test.each(['Query', 'Scan'])('%s of an index needs its permission on the index', (action) => {
  expect(needed(action, { IndexName: 'routes' })).toMatchObject([{ resource: `${table}/index/routes` }]);
});

test('a table may be named by its ARN', () => {
  expect(needed('GetItem', { TableName: table })).toMatchObject([{ resource: table }]);
});

test('a batch needs its permission on every table', () => {
  const resources = needed('BatchGetItem', { RequestItems: { a: {}, b: {} } })?.map(({ resource }) => resource);
  expect(resources).toEqual([table.replace('sessions', 'a'), table.replace('sessions', 'b')]);
});

describe('dynamodb:Attributes', () => {
  const attributes = (action: string, parameters: object) =>
    [contextOf(action, parameters)?.['dynamodb:Attributes'] ?? []].flat().sort();

  test('names what every expression names, without what is nested', () => {
    const request = {
      KeyConditionExpression: 'account = :a AND begins_with(route, :r)',
      FilterExpression: 'attribute_exists(expires) AND (NOT #s IN (:x, :y)) OR size(list[0].deep.er) > :n',
      ProjectionExpression: '#s, url,id , #m.#n[3]',
      ExpressionAttributeNames: { '#s': 'secret', '#m': 'map', '#n': 'nested' },
    };
    expect(attributes('Query', request)).toEqual(['account', 'expires', 'id', 'list', 'map', 'route', 'secret', 'url']);
  });

  test('names what an update changes and what it depends on', () => {
    const request = {
      Key: { account: { N: '1' }, id: { S: 'a' } },
      UpdateExpression: 'SET a = if_not_exists(b, :z) + c, d = list_append(d, :l) REMOVE e ADD f :one DELETE g :set',
      ConditionExpression: 'version BETWEEN :x AND :y',
    };
    expect(attributes('UpdateItem', request)).toEqual(['a', 'account', 'b', 'c', 'd', 'e', 'f', 'g', 'id', 'version']);
  });

  test('names what is put', () => {
    expect(attributes('PutItem', { Item: { account: {}, secret: {} } })).toEqual(['account', 'secret']);
  });
});

test('dynamodb:Select is what the request says, not what it implies', () => {
  expect(contextOf('Query', { Select: 'COUNT' })).toMatchObject({ 'dynamodb:Select': 'COUNT' });
  expect(contextOf('Query', { ProjectionExpression: 'id' })).not.toHaveProperty('dynamodb:Select');
});

test.each([
  ['GetItem', { Key: { account: { N: '12' }, id: { S: 'a' } } }, '12'],
  ['PutItem', { Item: { account: { N: '12' }, id: { S: 'a' } } }, '12'],
  ['Query', { KeyConditionExpression: 'id = :i and #a=:a', ExpressionAttributeNames: { '#a': 'account' } }, '7'],
  ['Query', { IndexName: 'byPart', KeyConditionExpression: 'expires < :a AND part = :p' }, 'odd'],
])('dynamodb:LeadingKeys is the partition key of %s', (action, request, expected) => {
  const ExpressionAttributeValues = { ':a': { N: '7' }, ':i': { S: 'x' }, ':p': { S: 'odd' } };
  expect(contextOf(action, { ...request, ExpressionAttributeValues })).toMatchObject({
    'dynamodb:LeadingKeys': [expected],
  });
});
