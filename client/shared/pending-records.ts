/**
 * What one PutRecords call takes: records, and bytes of their data and partition keys.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 */
const maxRecords = 500;
const maxBytes = 10 * 1024 * 1024;

/** A record for a Kinesis data stream. */
export interface StreamRecord {
  readonly partitionKey: string;
  /** Size of the data and the partition key, bytes. */
  readonly bytes: number;
}

/** A record that is not on the stream yet, and its position among all records. */
export interface PendingRecord<Entry extends StreamRecord> {
  readonly index: number;
  readonly record: Entry;
}

/** The records that are not on the stream yet. */
export class PendingRecords<Entry extends StreamRecord> {
  /** With `ordered` one queue for each partition key, of which a call takes only the first record; otherwise one queue. */
  #queues: PendingRecord<Entry>[][];
  readonly #recordsPerQueue: number;

  constructor(records: readonly Entry[], ordered: boolean) {
    const queues = new Map<string, PendingRecord<Entry>[]>();
    for (const [index, record] of records.entries()) {
      const key = ordered ? record.partitionKey : '';
      const queue = queues.get(key) ?? [];
      queue.push({ index, record });
      queues.set(key, queue);
    }
    this.#queues = [...queues.values()];
    this.#recordsPerQueue = ordered ? 1 : maxRecords;
  }

  /** Returns as many records as one call takes. They stay pending until `remove` is called. */
  nextBatch(): readonly PendingRecord<Entry>[] {
    const batch: PendingRecord<Entry>[] = [];
    let bytes = 0;
    for (const queue of this.#queues) {
      for (const pending of queue.slice(0, this.#recordsPerQueue)) {
        bytes += pending.record.bytes;
        // A record that is too large for any call goes alone, and Kinesis says what is wrong with it.
        if (batch.length === maxRecords || (bytes > maxBytes && batch.length > 0)) return batch;
        batch.push(pending);
      }
    }
    return batch;
  }

  /** Removes records of the last batch: those that are on the stream. */
  remove(accepted: ReadonlySet<PendingRecord<Entry>>): void {
    for (const queue of this.#queues) {
      const head = queue.slice(0, this.#recordsPerQueue);
      queue.splice(0, head.length, ...head.filter((pending) => !accepted.has(pending)));
    }
    this.#queues = this.#queues.filter(({ length }) => length > 0);
  }
}
