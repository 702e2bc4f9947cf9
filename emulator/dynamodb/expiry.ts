import type { Clock } from '../clock.ts';
import type { Parameters } from '../service.ts';
import { isList, isObject, memberOf } from '../values.ts';
import type { ActionName } from './dynalite.ts';

export interface ExpiringTable {
  readonly tableName: string;
  /** The attribute that holds the epoch second after which an item may go. */
  readonly attribute: string;
  readonly keyNames: readonly string[];
}

/** Runs an action on the tables. */
type Perform = (name: ActionName, parameters: Parameters) => Promise<object>;

/** Milliseconds within which expired items are deleted. DynamoDB takes up to a few days. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
const every = 3_600_000;

const expired = (time: number, { attribute }: ExpiringTable) => ({
  ExpressionAttributeNames: { '#ttl': attribute },
  ExpressionAttributeValues: { ':now': { N: String(Math.floor(time / 1000)) } },
});

const sweep = async (perform: Perform, table: ExpiringTable, time: number): Promise<void> => {
  let ExclusiveStartKey: unknown;
  do {
    const condition = { TableName: table.tableName, ...expired(time, table) };
    const scan = {
      ...condition,
      FilterExpression: '#ttl < :now',
      ...(isObject(ExclusiveStartKey) && { ExclusiveStartKey }),
    };
    const page = await perform('Scan', scan);
    const items = memberOf(page, 'Items');
    for (const item of isList(items) ? items : []) {
      const Key = Object.fromEntries(table.keyNames.map((name) => [name, memberOf(item, name)]));
      // An item that was written again meanwhile stays.
      await perform('DeleteItem', { ...condition, Key, ConditionExpression: '#ttl < :now' }).catch(() => undefined);
    }
    ExclusiveStartKey = memberOf(page, 'LastEvaluatedKey');
  } while (isObject(ExclusiveStartKey));
};

/** Deletes a table's expired items every hour; returns how to stop that. */
export const expireItems = (perform: Perform, table: ExpiringTable, clock: Clock): (() => void) => {
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel = clock.at(clock.now() + every, () => {
      // The next one is set first, so that it is there when the clock is moved during this one.
      wait();
      void sweep(perform, table, clock.now()).catch(() => undefined);
    });
  };
  wait();
  return () => {
    cancel();
  };
};
