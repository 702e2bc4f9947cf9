import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { Action, Parameters, Service } from '../service.ts';
import { memberOf } from '../values.ts';
import { actionNames, createStore, runAction } from './dynalite.ts';
import type { ActionName, Store } from './dynalite.ts';
import { IndexReplica } from './index-replica.ts';
import { expireItems } from './expiry.ts';
import { KeptItems } from './kept-items.ts';
import type { PartitionKeys } from './permissions.ts';
import { partitionKeysOf, permissionsOf } from './permissions.ts';
import { TableIdentities } from './table-identities.ts';
import { readTableProperties } from './table-properties.ts';

interface DynamoDbOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds by which global secondary indexes are behind their table. Default 0. */
  readonly indexLag?: number;
  /** Where items are kept. Default: nowhere. */
  readonly state?: State;
}

/** Tables in memory: dynalite within the process, with TTL in front of it. */
export interface DynamoDb extends Service {
  readonly name: 'dynamodb';
  /** Creates a table of the template from the properties of its AWS::DynamoDB::Table. @throws Error naming a property that is not supported. */
  createTable(name: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** Stops the deletion of expired items. */
  stop(): void;
}

export type CreateDynamoDb = (options: DynamoDbOptions) => DynamoDb;

/** The properties that dynalite's CreateTable takes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html */
const madeOf = ['KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes', 'GlobalSecondaryIndexes', 'BillingMode'];
/** The properties that make no difference in memory. */
const withoutEffect = [
  'TableName',
  'Tags',
  'SSESpecification',
  'PointInTimeRecoverySpecification',
  'DeletionProtectionEnabled',
  'TimeToLiveSpecification',
];

const becomesActive = async (store: Store, TableName: string): Promise<void> => {
  const answer = await runAction(store, 'DescribeTable', { TableName });
  if (memberOf(memberOf(answer, 'Table'), 'TableStatus') === 'ACTIVE') return;
  await new Promise((resolve) => setImmediate(resolve));
  await becomesActive(store, TableName);
};

export const createDynamoDb: CreateDynamoDb = ({ clock, indexLag = 0, state = noState, ...location }) => {
  const store = createStore(location);
  const replica = indexLag > 0 ? new IndexReplica(clock, indexLag, location) : undefined;
  const perform = async (name: ActionName, parameters: Parameters): Promise<object> => {
    if (replica?.answers(parameters)) {
      await replica.settled;
      return runAction(replica.store, name, parameters);
    }
    const answer = await runAction(store, name, parameters);
    kept.written(name, parameters);
    replica?.repeat(name, parameters);
    return identities.correct(name, parameters, answer);
  };
  const identities = new TableIdentities(clock, state);
  const kept = new KeptItems(state, (parameters) => runAction(store, 'GetItem', parameters));
  const stops: (() => void)[] = replica
    ? [
        () => {
          replica.stop();
        },
      ]
    : [];
  const partitionKeys: PartitionKeys = new Map();
  const action = (name: (typeof actionNames)[number]): Action => ({
    permissions: permissionsOf(name, { ...location, partitionKeys }),
    run: (parameters) => perform(name, parameters),
  });
  return {
    name: 'dynamodb',
    actions: Object.fromEntries(actionNames.map((name) => [name, action(name)])),
    createTable: async (TableName, properties) => {
      const unknown = Object.keys(properties).find((property) => ![...madeOf, ...withoutEffect].includes(property));
      if (unknown !== undefined) throw new Error(`A table with ${unknown} is not supported`);
      const wanted = Object.fromEntries(Object.entries(properties).filter(([property]) => madeOf.includes(property)));
      identities.correct('CreateTable', { TableName }, await runAction(store, 'CreateTable', { TableName, ...wanted }));
      await replica?.addTable(TableName, wanted);
      const table = readTableProperties(TableName, properties);
      partitionKeys.set(TableName, partitionKeysOf(table));
      await becomesActive(store, TableName);
      const keyNames = table.KeySchema.map(({ AttributeName }) => AttributeName);
      await kept.restore({ TableName, keyNames }, (item) => perform('PutItem', item));
      const ttl = table.TimeToLiveSpecification;
      if (!ttl) return;
      stops.push(expireItems(perform, { tableName: TableName, attribute: ttl.AttributeName, keyNames }, clock));
    },
    stop: () => {
      for (const stop of stops.splice(0)) stop();
    },
  };
};
