import { batchEntries, batchPayload } from './limits.ts';

/**
 * Divides items into SendMessageBatch calls, in order. Filling each call before the next is begun gives the least
 * possible number of calls that keep the order.
 * @param bytes what an item adds to a call: body and attributes.
 */
export const packBatches = <T>(items: readonly T[], bytes: (item: T) => number): T[][] => {
  const batches: T[][] = [];
  let open: T[] = [];
  let payload = 0;
  for (const item of items) {
    const size = bytes(item);
    if (open.length === batchEntries || (open.length > 0 && payload + size > batchPayload)) {
      batches.push(open);
      open = [];
      payload = 0;
    }
    open.push(item);
    payload += size;
  }
  if (open.length > 0) batches.push(open);
  return batches;
};
