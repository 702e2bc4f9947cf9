import { due, isFor, listeners, messages, seededRandom, shuffled } from '../../test/dispatch/scenario.ts';
import { minCallsForStream } from '../least-calls.ts';
import type { Measured } from '../measure.ts';
import { maxPutRecords, putRecords } from '../put-records.ts';
import type { Subject } from '../subject.ts';

const seed = 1;
const scenario = '100 messages to each of ten accounts of five sessions, 150 to users and accounts, mixed';

/** Counts the calls for fifty sessions of ten accounts, and messages to accounts, users and sessions in random order. */
export const measureMixed = async (subject: Subject): Promise<Measured> => {
  const records = shuffled(messages, seededRandom(seed));
  for (const { accountId, sessionId, userId } of listeners)
    await subject.create(accountId, encodeURIComponent(sessionId), userId);
  await subject.counts();
  for (let begin = 0; begin < records.length; begin += maxPutRecords)
    await putRecords(
      subject,
      records.slice(begin, begin + maxPutRecords).map(({ text }) => ['mixed', text]),
    );
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
