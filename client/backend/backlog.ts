import type { Message } from './messages.ts';

/** PutRecords in the API's reference: records in a call, and bytes of their data and partition keys. */
const callRecords = 500;
const callBytes = 10 * 1024 * 1024;

/** A message that is not on the stream yet. */
export interface Pending {
  readonly index: number;
  readonly message: Message;
  readonly text: string;
  /** The partition key. */
  readonly key: string;
  readonly bytes: number;
}

/** What is to be put on the stream, call by call. */
export class Backlog {
  /** Each in order. Kept in order, that is one for each key, of which a call takes one record; else it is one for all. */
  #lanes: Pending[][];
  readonly #ordered: boolean;

  constructor(records: readonly Pending[], ordered: boolean) {
    const lanes = new Map<string, Pending[]>();
    for (const record of records) {
      const key = ordered ? record.key : '';
      const lane = lanes.get(key) ?? [];
      lane.push(record);
      lanes.set(key, lane);
    }
    this.#lanes = [...lanes.values()];
    this.#ordered = ordered;
  }

  /** As many as fit into a call; they stay until they are dropped. */
  next(): readonly Pending[] {
    const batch: Pending[] = [];
    let bytes = 0;
    for (const lane of this.#lanes) {
      for (const record of lane.slice(0, this.#ordered ? 1 : callRecords)) {
        bytes += record.bytes;
        if (batch.length === callRecords || bytes > callBytes) return batch;
        batch.push(record);
      }
    }
    return batch;
  }

  /** Drops what is on the stream: some of what `next` gave. */
  drop(accepted: ReadonlySet<Pending>): void {
    for (const lane of this.#lanes) {
      const head = lane.slice(0, this.#ordered ? 1 : callRecords);
      lane.splice(0, head.length, ...head.filter((record) => !accepted.has(record)));
    }
    this.#lanes = this.#lanes.filter(({ length }) => length > 0);
  }

  /** What is left, in the order it was given. */
  rest(): readonly Pending[] {
    return this.#lanes.flat().sort((a, b) => a.index - b.index);
  }
}
