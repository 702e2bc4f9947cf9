import type { Clock } from '../clock.ts';
import type { Action, Parameters, Service } from '../service.ts';
import { actionNames, createStore, runAction } from './dynalite.ts';
import type { ActionName, Store } from './dynalite.ts';
import { IndexReplica } from './index-replica.ts';
import { expireItems } from './expiry.ts';
import type { PartitionKeys } from './permissions.ts';
import { partitionKeysOf, permissionsOf } from './permissions.ts';

interface DynamoDbOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds by which global secondary indexes are behind their table. Default 0. */
  readonly indexLag?: number;
}

/** Tables in memory: dynalite within the process, with TTL in front of it. */
export interface DynamoDb extends Service {
  readonly name: 'dynamodb';
  /** Creates a table of the template from the properties of its AWS::DynamoDB::Table. @throws Error naming a property that is not supported. */
  createTable(name: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** Calls off the deletion of expired items. */
  stop(): void;
}

export type CreateDynamoDb = (options: DynamoDbOptions) => DynamoDb;

/** What a table is made of. */
const madeOf = ['KeySchema', 'AttributeDefinitions', 'LocalSecondaryIndexes', 'GlobalSecondaryIndexes', 'BillingMode'];
/** What makes no difference in memory. */
const withoutEffect = [
  'TableName',
  'Tags',
  'SSESpecification',
  'PointInTimeRecoverySpecification',
  'DeletionProtectionEnabled',
  'TimeToLiveSpecification',
];

const becomesActive = async (store: Store, TableName: string): Promise<void> => {
  const { Table } = (await runAction(store, 'DescribeTable', { TableName })) as { Table: { TableStatus: string } };
  if (Table.TableStatus === 'ACTIVE') return;
  await new Promise((resolve) => setImmediate(resolve));
  await becomesActive(store, TableName);
};

interface TableProperties {
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly TimeToLiveSpecification?: { readonly AttributeName: string };
}

export const createDynamoDb: CreateDynamoDb = ({ clock, indexLag = 0, ...location }) => {
  const store = createStore(location);
  const replica = indexLag > 0 ? new IndexReplica(clock, indexLag, location) : undefined;
  const perform = async (name: ActionName, parameters: Parameters): Promise<object> => {
    if (replica?.answers(parameters)) {
      await replica.settled;
      return runAction(replica.store, name, parameters);
    }
    const answer = await runAction(store, name, parameters);
    replica?.repeat(name, parameters);
    return answer;
  };
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
      if (unknown !== undefined) throw new Error(`${TableName}: a table with ${unknown} is not supported`);
      const wanted = Object.fromEntries(Object.entries(properties).filter(([property]) => madeOf.includes(property)));
      await runAction(store, 'CreateTable', { TableName, ...wanted });
      await replica?.addTable(TableName, wanted);
      partitionKeys.set(TableName, partitionKeysOf(properties));
      await becomesActive(store, TableName);
      const { KeySchema, TimeToLiveSpecification: ttl } = properties as unknown as TableProperties;
      if (!ttl) return;
      const keyNames = KeySchema.map(({ AttributeName }) => AttributeName);
      stops.push(expireItems(perform, { tableName: TableName, attribute: ttl.AttributeName, keyNames }, clock));
    },
    stop: () => {
      for (const stop of stops.splice(0)) stop();
    },
  };
};
