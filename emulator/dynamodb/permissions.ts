import { AwsError } from '../service.ts';
import type { Parameters, Permission } from '../service.ts';
import { isObject } from '../values.ts';
import type { ActionName } from './dynalite.ts';
import type { readTableProperties } from './table-properties.ts';

interface Location {
  readonly accountId: string;
  readonly region: string;
}

/** By table, then by index: the attribute that is the partition key. The table's own is under the empty text. */
export type PartitionKeys = Map<string, ReadonlyMap<string, string>>;

export interface Tables extends Location {
  readonly partitionKeys: PartitionKeys;
}

type TableProperties = ReturnType<typeof readTableProperties>;

export const partitionKeysOf = (table: TableProperties): ReadonlyMap<string, string> =>
  new Map(
    [{ IndexName: '', ...table }, ...table.LocalSecondaryIndexes, ...table.GlobalSecondaryIndexes].map(
      ({ IndexName, KeySchema }) => [
        IndexName,
        KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
      ],
    ),
  );

const tableArn = ({ region, accountId }: Location, table: unknown): string => {
  if (typeof table !== 'string') throw new AwsError('ValidationException', 'TableName must be given as a text');
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
};

const expressions = [
  'ProjectionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
];

/** The words in expressions that are not attributes: functions and key words. */
const words = new Set(
  'and or not between in set remove add delete attribute_exists attribute_not_exists attribute_type begins_with contains size if_not_exists list_append'.split(
    ' ',
  ),
);

const objectIn = (parameters: Parameters, name: string): Parameters => {
  const value = parameters[name];
  return isObject(value) ? value : {};
};

/** An attribute's name as an expression gives it, which may be a placeholder. */
const resolve = (parameters: Parameters, name: string): string => {
  const names = objectIn(parameters, 'ExpressionAttributeNames');
  return Object.hasOwn(names, name) ? String(names[name]) : name;
};

/**
 * The top-level attributes that a request names in its key, its item and its expressions: the condition key dynamodb:Attributes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const attributesOf = (parameters: Parameters): readonly string[] => {
  const named = expressions.flatMap((expression) => {
    const text = parameters[expression];
    if (typeof text !== 'string') return [];
    const tops = text.match(/(?<![:.\w#])[#A-Za-z_][\w-]*/g) ?? [];
    return tops.filter((top) => !words.has(top.toLowerCase())).map((top) => resolve(parameters, top));
  });
  const members = ['Key', 'Item', 'ExclusiveStartKey'].flatMap((name) => Object.keys(objectIn(parameters, name)));
  return [...new Set([...members, ...named])];
};

/** The value of the partition key in the request's key, item or condition. */
const leadingKey = (parameters: Parameters, partitionKey: string): string | undefined => {
  const condition = parameters['KeyConditionExpression'];
  const equalities = typeof condition === 'string' ? condition.matchAll(/([#\w-]+)\s*=\s*(:\w+)/g) : [];
  const [, , placeholder = ''] =
    [...equalities].find(([, name = '']) => resolve(parameters, name) === partitionKey) ?? [];
  const queried = objectIn(parameters, 'ExpressionAttributeValues')[placeholder];
  const value = queried ?? objectIn(parameters, 'Key')[partitionKey] ?? objectIn(parameters, 'Item')[partitionKey];
  const [text] = isObject(value) ? Object.values(value) : [];
  return typeof text === 'string' ? text : undefined;
};

const contextOf = (parameters: Parameters, partitionKey: string | undefined): Permission['context'] => {
  const attributes = attributesOf(parameters);
  const leading = partitionKey === undefined ? undefined : leadingKey(parameters, partitionKey);
  const select = parameters['Select'];
  return {
    ...(attributes.length > 0 && { 'dynamodb:Attributes': attributes }),
    ...(leading !== undefined && { 'dynamodb:LeadingKeys': [leading] }),
    ...(typeof select === 'string' && { 'dynamodb:Select': select }),
  };
};

/** The permissions that a request needs; a query of an index needs one for the index, not for the table. */
export const permissionsOf =
  (action: ActionName, tables: Tables) =>
  (parameters: Parameters): readonly Permission[] => {
    const name = `dynamodb:${action}`;
    if (action === 'ListTables') return [{ action: name, resource: '*' }];
    if (action === 'BatchGetItem' || action === 'BatchWriteItem') {
      const requested = Object.keys(objectIn(parameters, 'RequestItems'));
      return requested.map((table) => ({ action: name, resource: tableArn(tables, table) }));
    }
    const { TableName, IndexName } = parameters;
    const arn = tableArn(tables, TableName);
    const index = typeof IndexName === 'string' ? IndexName : undefined;
    const partitionKey = tables.partitionKeys.get(arn.slice(arn.lastIndexOf('/') + 1))?.get(index ?? '');
    const context = contextOf(parameters, partitionKey) ?? {};
    return [{ action: name, resource: index === undefined ? arn : `${arn}/index/${index}`, context }];
  };
