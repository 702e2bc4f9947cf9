import { cpuFigures } from '../cpu.ts';
import { minCallsForStream } from '../least-calls.ts';
import type { Measured } from '../measure.ts';
import type { Listeners } from '../messaging.ts';
import { openListeners, saturate, steadily } from '../messaging.ts';
import { ownMessaging } from '../own-messaging.ts';
import { maxPutRecords } from '../put-records.ts';
import { p50p99 } from '../quantiles.ts';
import type { Session, Subject } from '../subject.ts';

const account = 2000;
const sessions = 100;
const rate = 500;
const warming = 2 * rate;
const steady = 8 * rate;
const saturating = 20_000;

const counted = (scenario: string, numbers: number, counts: Awaited<ReturnType<Subject['counts']>>) => ({
  scenario,
  deliveries: numbers,
  calls: { ...counts.calls, 'lambda:router': counts.batches.length },
  least: minCallsForStream({
    receivers: Array.from({ length: numbers }, (_, number) => [`k${number % sessions}`]),
    batches: counts.batches,
    queries: (receivers) => receivers.length,
  }),
});

const measureSteady = async (subject: Subject, listeners: Listeners<Session>): Promise<Measured> => {
  await steadily(listeners, { count: warming, rate });
  await subject.counts({ records: warming });
  const start = process.cpuUsage();
  const latencies = await steadily(listeners, { count: steady, rate });
  const counts = await subject.counts({ records: steady });
  const { p50, p99 } = p50p99(latencies);
  return {
    figures: [
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p50`, value: p50, unit: 'ms', aim: '<= 18' },
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p99`, value: p99, unit: 'ms', aim: '<= 60' },
      ...cpuFigures({ what: `a message at ${rate}/s`, of: steady, cpu: counts.cpu, start }),
    ],
    counted: [counted(`${rate} messages a second, each to one session`, steady, counts)],
  };
};

const measureSaturated = async (subject: Subject, listeners: Listeners<Session>): Promise<Measured> => {
  const start = process.cpuUsage();
  const saturated = await saturate(listeners, { count: saturating, batch: maxPutRecords });
  const counts = await subject.counts({ records: saturating });
  return {
    figures: [
      { name: 'Kinesis to client, saturated', value: saturated, unit: 'messages/s', aim: '> 5200' },
      ...cpuFigures({ what: 'a message, saturated', of: saturating, cpu: counts.cpu, start }),
    ],
    counted: [counted('a stream of messages, each to one session', saturating, counts)],
  };
};

/** From the stream to polling clients: at a steady rate, and as fast as it goes. */
export const measureStreaming = async (subject: Subject): Promise<Measured> => {
  const listeners = await openListeners(ownMessaging(subject, account), sessions);
  const steadyRun = await measureSteady(subject, listeners);
  const saturated = await measureSaturated(subject, listeners);
  return {
    figures: [...steadyRun.figures, ...saturated.figures],
    counted: [...(steadyRun.counted ?? []), ...(saturated.counted ?? [])],
  };
};
