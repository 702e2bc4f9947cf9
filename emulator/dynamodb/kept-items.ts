import { StateError } from '../persistence/database.ts';
import type { Entries, State } from '../persistence/state.ts';
import type { Parameters } from '../service.ts';
import type { JsonObject } from '../values.ts';
import { isList, isObject, memberOf } from '../values.ts';
import type { ActionName } from './dynalite.ts';

type Item = JsonObject;

/** Which item was written. */
interface Written {
  readonly TableName: string;
  readonly Key: Item;
}

interface KeyedTable {
  readonly TableName: string;
  readonly keyNames: readonly string[];
}

type Run = (parameters: Parameters) => Promise<object>;

const isItem = (value: unknown): value is Item => isObject(value);

/** An item, or its key, that a call may have written, as a list of one. */
const writtenTo = (table: unknown, item: unknown): (readonly [table: string, item: Item])[] =>
  typeof table === 'string' && isItem(item) ? [[table, item]] : [];

/** The items that a call may have written, or their keys, by table. */
const writtenBy = (name: ActionName, parameters: Parameters): (readonly [table: string, item: Item])[] => {
  const { TableName, Item, Key, RequestItems } = parameters;
  switch (name) {
    case 'PutItem':
      return writtenTo(TableName, Item);
    case 'DeleteItem':
    case 'UpdateItem':
      return writtenTo(TableName, Key);
    case 'BatchWriteItem':
      return Object.entries(isObject(RequestItems) ? RequestItems : {}).flatMap(([table, requests]) =>
        (isList(requests) ? requests : []).flatMap((request) =>
          writtenTo(
            table,
            memberOf(memberOf(request, 'PutRequest'), 'Item') ?? memberOf(memberOf(request, 'DeleteRequest'), 'Key'),
          ),
        ),
      );
    default:
      return [];
  }
};

/** The items of all tables that are kept: each is read again when it is stored. */
export class KeptItems {
  readonly #entries: Entries<Written, Item>;
  readonly #keyNames = new Map<string, readonly string[]>();

  constructor(state: State, getItem: Run) {
    this.#entries = state.entries('dynamodb-items', async ({ TableName, Key }: Written) => {
      const item = memberOf(await getItem({ TableName, Key, ConsistentRead: true }), 'Item');
      return isItem(item) ? item : undefined;
    });
  }

  /** A call has ended that may have written. */
  written(name: ActionName, parameters: Parameters): void {
    for (const [TableName, item] of writtenBy(name, parameters)) {
      const names = this.#keyNames.get(TableName);
      if (!names) continue;
      const Key = Object.fromEntries(names.map((key) => [key, item[key] ?? {}]));
      this.#entries.put(`${TableName}/${JSON.stringify(Key)}`, { TableName, Key });
    }
  }

  /** Restores the items of a table that was just created. */
  async restore({ TableName, keyNames }: KeyedTable, putItem: Run): Promise<void> {
    for (const [, Item] of this.#entries.load(`${TableName}/`)) {
      await putItem({ TableName, Item }).catch((error: unknown) => {
        const message = `The kept items do not fit the table ${TableName} any more. Delete the folder to start anew.`;
        throw new StateError(message, { cause: error });
      });
    }
    this.#keyNames.set(TableName, keyNames);
  }
}
