import { packOutgoing, sendToQueue, type Outgoing, type Sending } from '../dispatch/batch-sending.ts';
import { sendBytes } from '../dispatch/message.ts';
import { decodeRanges } from '../dispatch/ranges.ts';
import type { StreamRecord } from '../dispatch/record.ts';
import { rejectedEntry, rejectedMessages } from '../dispatch/rejected.ts';
import type { Read } from './dispatch-records.ts';

/**
 * Puts bad records into the rejected queue with the reason and their bytes.
 * @returns the positions of those that could not be put there
 */
export const rejectRecords = async (
  records: readonly StreamRecord[],
  rejected: Read['rejected'],
  rejectedQueueUrl: string,
  sending: Sending,
): Promise<number[]> => {
  const entries = rejected.flatMap(({ position, failure }) => {
    const record = records[position];
    return record ? rejectedMessages(record, failure).map((message) => ({ position, message })) : [];
  });
  const outgoing = entries.map(({ message }, index): Outgoing => {
    const entry = rejectedEntry(message, String(index));
    return { index, entry, bytes: sendBytes({ ...entry, accountId: 0 }) };
  });
  const { gone, undelivered } = await sendToQueue(rejectedQueueUrl, packOutgoing(outgoing), sending);
  if (gone) return rejected.map(({ position }) => position);
  return undelivered
    .flatMap(({ messages }) => decodeRanges(messages))
    .flatMap((index) => entries[index]?.position ?? []);
};
