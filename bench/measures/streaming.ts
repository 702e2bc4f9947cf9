import type { Measured } from '../measure.ts';
import { p50p99 } from '../quantiles.ts';
import type { Session, Subject } from '../subject.ts';

const account = 2000;
const sessions = 100;
const seconds = 8;
const rate = 500;
/** Records a PutRecords call puts in the steady run: a tenth of a second's. */
const steadyBatch = rate / 10;
const saturating = 20_000;

const now = (): number => performance.timeOrigin + performance.now();
const timeOf = (body: string): number => (JSON.parse(body) as { at: number }).at;

const put = (subject: Subject, numbers: readonly number[]): Promise<unknown> =>
  subject.aws('kinesis', 'Kinesis_20131202.PutRecords', {
    StreamName: subject.outputs['EventStreamName'],
    Records: numbers.map((number) => ({
      PartitionKey: String(number % sessions),
      Data: Buffer.from(
        JSON.stringify({ accountId: account, sessionId: `k${number % sessions}`, number, at: now() }),
      ).toString('base64'),
    })),
  });

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

/** Polls all sessions while `work` runs and until `count` messages have come; answers how long each took. */
const receive = async (subject: Subject, polled: readonly Session[], work: () => Promise<void>, count: number) => {
  const latencies: number[] = [];
  const stop = new AbortController();
  const all = Promise.withResolvers<undefined>();
  const polls = polled.map((session) =>
    subject.poll(
      session,
      (body) => {
        latencies.push(now() - timeOf(body));
        if (latencies.length === count) all.resolve(undefined);
      },
      stop.signal,
    ),
  );
  await work();
  await all.promise;
  stop.abort();
  await Promise.all(polls);
  return latencies;
};

/** From the stream to polling clients: at a steady rate, and as fast as it goes. */
export const measureStreaming = async (subject: Subject): Promise<Measured> => {
  const polled = await Promise.all(range(0, sessions).map((number) => subject.create(account, `k${number}`)));
  const total = rate * seconds;
  const steady = await receive(
    subject,
    polled,
    async () => {
      const begin = performance.now();
      for (let sent = 0; sent < total; sent += steadyBatch) {
        const due = begin + (sent / rate) * 1000;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        await put(subject, range(sent, steadyBatch));
      }
    },
    total,
  );
  await subject.counts();
  const begin = performance.now();
  await receive(
    subject,
    polled,
    async () => {
      for (let sent = 0; sent < saturating; sent += 500) await put(subject, range(sent, 500));
    },
    saturating,
  );
  const saturated = Math.round(saturating / ((performance.now() - begin) / 1000));
  const { calls } = await subject.counts();
  const { p50, p99 } = p50p99(steady);
  return {
    figures: [
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p50`, value: p50, unit: 'ms', aim: '< 15' },
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p99`, value: p99, unit: 'ms', aim: '< 80' },
      { name: 'Kinesis to client, saturated', value: saturated, unit: 'messages/s', aim: '> 5000' },
    ],
    counted: [
      {
        scenario: 'a stream of messages to single sessions',
        by: 'kinesis',
        messages: saturating,
        deliveries: saturating,
        calls,
      },
    ],
  };
};
