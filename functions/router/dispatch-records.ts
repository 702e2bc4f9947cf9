import { InvalidRequest, MessageTooLarge, type Failure } from '../aws/errors.ts';
import { forEachAtOnce } from '../aws/concurrency.ts';
import type { Load, Received } from '../dispatch/executions.ts';
import type { InlineMessage } from '../dispatch/message.ts';
import { readRecord, type StreamRecord } from '../dispatch/record.ts';

/** Executions at once; more would only queue behind each other in SQS and DynamoDB. */
const lanesAtOnce = 8;

export interface Read {
  readonly accepted: readonly (Received & { readonly message: InlineMessage })[];
  readonly rejected: readonly { readonly position: number; readonly failure: Failure }[];
}

/** Reads a batch's records, each by itself: a bad one is rejected and holds up nothing. */
export const readRecords = (records: readonly StreamRecord[]): Read => {
  const accepted: Read['accepted'][number][] = [];
  const rejected: Read['rejected'][number][] = [];
  for (const [position, record] of records.entries()) {
    try {
      accepted.push({ position, message: readRecord(record) });
    } catch (failure) {
      if (!(failure instanceof InvalidRequest || failure instanceof MessageTooLarge)) throw failure;
      rejected.push({ position, failure });
    }
  }
  return { accepted, rejected };
};

/**
 * Runs the lanes' loads, those of a lane in order. After a failure no further load is begun: what comes later in the
 * stream is repeated anyway.
 * @returns the positions of the records that are not done, and the first failure
 */
export const runLanes = async (
  lanes: readonly (readonly Load[])[],
  run: (load: Load) => Promise<void>,
): Promise<{ notDone: number[]; failure?: unknown }> => {
  const notDone: number[] = [];
  const failures: unknown[] = [];
  await forEachAtOnce(lanes, lanesAtOnce, async (lane) => {
    for (const load of lane) {
      try {
        if (failures.length === 0) {
          await run(load);
          continue;
        }
      } catch (failure) {
        failures.push(failure);
      }
      notDone.push(...load.map(({ position }) => position));
    }
  });
  return { notDone, ...(failures.length > 0 && { failure: failures[0] }) };
};
