import { due, isFor, listeners, messages, seededRandom, shuffled } from '../../test/dispatch/scenario.ts';
import { minCallsForStream } from '../least-calls.ts';
import type { Measured } from '../measure.ts';
import type { Subject } from '../subject.ts';

const seed = 1;
/** What one PutRecords call takes. */
const putLimit = 500;
const scenario = '100 messages to each of ten accounts of five sessions, 150 to users and accounts, mixed';

/** Fifty sessions of ten accounts, and messages for accounts and users in any order: what the calls come to. */
export const measureMixed = async (subject: Subject): Promise<Measured> => {
  const records = shuffled(messages, seededRandom(seed));
  for (const { accountId, sessionId, userId } of listeners)
    await subject.create(accountId, encodeURIComponent(sessionId), userId);
  await subject.counts();
  for (let begin = 0; begin < records.length; begin += putLimit) {
    await subject.aws('kinesis', 'Kinesis_20131202.PutRecords', {
      StreamName: subject.outputs['EventStreamName'],
      Records: records.slice(begin, begin + putLimit).map(({ text }) => ({
        PartitionKey: 'mixed',
        Data: Buffer.from(text).toString('base64'),
      })),
    });
  }
  const { calls, batches } = await subject.counts({ records: records.length });
  const receivers = records.map((record) =>
    listeners.filter((listener) => isFor(listener, record)).map(({ sessionId }) => sessionId),
  );
  const accounts = new Map(listeners.map(({ accountId, sessionId }) => [sessionId, accountId]));
  const least = minCallsForStream({
    receivers,
    batches,
    queries: (names) => new Set(names.map((name) => accounts.get(name))).size,
  });
  const deliveries = listeners.reduce((sum, listener) => sum + due(listener, records).length, 0);
  return {
    figures: [],
    counted: [
      {
        scenario,
        deliveries,
        calls: { ...calls, 'lambda:router': batches.length },
        // Nobody polls: only sends count.
        least: { ...least, sqs: (least['sqs'] ?? NaN) / 3 },
      },
    ],
  };
};
