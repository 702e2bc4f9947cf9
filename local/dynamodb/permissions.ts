import { AwsError } from '../service.ts';
import type { Parameters, Permission } from '../service.ts';
import type { ActionName } from './dynalite.ts';

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

const tableArn = ({ region, accountId }: Place, table: unknown): string => {
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

/** What stands in expressions without being an attribute: functions and key words. */
const words = new Set(
  'and or not between in set remove add delete attribute_exists attribute_not_exists attribute_type begins_with contains size if_not_exists list_append'.split(
    ' ',
  ),
);

/**
 * The top-level attributes a request names: in its key, its item and its expressions. IAM compares them with the condition
 * key dynamodb:Attributes (DynamoDB's guide, "Using IAM policy conditions for fine-grained access control").
 */
export const attributesOf = (parameters: Parameters): readonly string[] => {
  const names = (parameters['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  const named = expressions.flatMap((expression) => {
    const text = parameters[expression];
    if (typeof text !== 'string') return [];
    const tops = text.match(/(?<![:.\w#])[#A-Za-z_][\w-]*/g) ?? [];
    return tops.filter((top) => !words.has(top.toLowerCase())).map((top) => names[top] ?? top);
  });
  const members = [parameters['Key'], parameters['Item']].flatMap((object) => Object.keys(object ?? {}));
  return [...new Set([...members, ...named])];
};

const contextOf = (parameters: Parameters): Permission['context'] => {
  const attributes = attributesOf(parameters);
  const select = parameters['Select'];
  return {
    ...(attributes.length > 0 && { 'dynamodb:Attributes': attributes }),
    ...(typeof select === 'string' && { 'dynamodb:Select': select }),
  };
};

/** The permissions a request needs; a query of an index is asked for the index, not the table. */
export const permissionsOf =
  (action: ActionName, place: Place) =>
  (parameters: Parameters): readonly Permission[] => {
    const name = `dynamodb:${action}`;
    if (action === 'ListTables') return [{ action: name, resource: '*' }];
    if (action === 'BatchGetItem' || action === 'BatchWriteItem') {
      const tables = Object.keys(parameters['RequestItems'] ?? {});
      return tables.map((table) => ({ action: name, resource: tableArn(place, table) }));
    }
    const index = parameters['IndexName'];
    const arn = tableArn(place, parameters['TableName']);
    const context = contextOf(parameters) ?? {};
    return [{ action: name, resource: typeof index === 'string' ? `${arn}/index/${index}` : arn, context }];
  };
