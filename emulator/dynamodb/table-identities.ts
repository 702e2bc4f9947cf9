import type { Clock } from '../clock.ts';
import type { State } from '../persistence/state.ts';
import type { Parameters } from '../service.ts';
import { isObject, memberOf, textOf } from '../values.ts';
import type { ActionName } from './dynalite.ts';

/** What differs between a table and an earlier one of the same name. */
interface TableIdentity {
  readonly TableId: string;
  /** Epoch seconds. */
  readonly CreationDateTime: number;
}

/**
 * Remembers when each table was made, by the emulator's clock, and its id: dynalite makes the tables anew with each start.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
 */
export class TableIdentities {
  readonly #clock: Clock;
  readonly #entries;
  readonly #tables = new Map<string, TableIdentity>();

  constructor(clock: Clock, state: State) {
    this.#clock = clock;
    this.#entries = state.entries('dynamodb-tables', (identity: TableIdentity) => identity);
    for (const [name, identity] of this.#entries.load()) this.#tables.set(name, identity);
  }

  /** The answer to an action, with the table's own identity where the answer describes it. */
  correct(name: ActionName, { TableName }: Parameters, answer: object): object {
    const member = name === 'CreateTable' ? 'TableDescription' : name === 'DescribeTable' ? 'Table' : undefined;
    const table = member === undefined ? undefined : memberOf(answer, member);
    if (member === undefined || !isObject(table)) return answer;
    const key = textOf(TableName);
    const identity = this.#tables.get(key) ?? {
      ...{ TableId: textOf(table['TableId']), CreationDateTime: this.#clock.now() / 1000 },
    };
    this.#tables.set(key, identity);
    this.#entries.put(key, identity);
    return { ...answer, [member]: { ...table, ...identity } };
  }
}
