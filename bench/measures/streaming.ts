import * as z from 'zod/mini';
import { cpuFigures } from '../cpu.ts';
import { leastForStream } from '../least-calls.ts';
import type { Measured } from '../measure.ts';
import { p50p99 } from '../quantiles.ts';
import type { Session, Subject } from '../subject.ts';

const account = 2000;
const sessions = 100;
const rate = 500;
/** Records of a PutRecords call in the steady run: a hundredth of a second's. */
const steadyBatch = rate / 100;
const warming = 2 * rate;
const steady = 8 * rate;
const saturating = 20_000;
const fullBatch = 500;

const now = (): number => performance.timeOrigin + performance.now();
const bodySchema = z.object({ at: z.number() });
const timeOf = (body: string): number => bodySchema.parse(JSON.parse(body)).at;
const sessionOf = (number: number): string => `k${number % sessions}`;

const put = (subject: Subject, numbers: readonly number[]): Promise<unknown> =>
  subject.aws('kinesis', 'Kinesis_20131202.PutRecords', {
    StreamName: subject.outputs['EventStreamName'],
    Records: numbers.map((number) => ({
      PartitionKey: String(number % sessions),
      Data: Buffer.from(
        JSON.stringify({ accountId: account, sessionId: sessionOf(number), number, at: now() }),
      ).toString('base64'),
    })),
  });

const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

const putSteadily = async (subject: Subject, count: number): Promise<void> => {
  const begin = performance.now();
  for (let sent = 0; sent < count; sent += steadyBatch) {
    const due = begin + (sent / rate) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    await put(subject, range(sent, steadyBatch));
  }
};

const putAtOnce = async (subject: Subject, count: number): Promise<void> => {
  for (let sent = 0; sent < count; sent += fullBatch) await put(subject, range(sent, fullBatch));
};

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

const counted = (scenario: string, numbers: number, counts: Awaited<ReturnType<Subject['counts']>>) => ({
  scenario,
  by: 'kinesis' as const,
  messages: numbers,
  deliveries: numbers,
  calls: { ...counts.calls, 'lambda:router': counts.batches.length },
  least: leastForStream({
    receivers: range(0, numbers).map((number) => [sessionOf(number)]),
    batches: counts.batches,
    lookups: (receivers) => receivers.length,
  }),
});

const measureSteady = async (subject: Subject, polled: readonly Session[]): Promise<Measured> => {
  await receive(subject, polled, () => putSteadily(subject, warming), warming);
  await subject.counts({ records: warming });
  const start = process.cpuUsage();
  const latencies = await receive(subject, polled, () => putSteadily(subject, steady), steady);
  const counts = await subject.counts({ records: steady });
  const { p50, p99 } = p50p99(latencies);
  return {
    figures: [
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p50`, value: p50, unit: 'ms', aim: '< 15' },
      { name: `Kinesis to client at ${rate}/s over ${sessions} sessions, p99`, value: p99, unit: 'ms', aim: '< 80' },
      ...cpuFigures({ what: `a message at ${rate}/s`, of: steady, cpu: counts.cpu, start }),
    ],
    counted: [counted(`${rate} messages a second, each to one session`, steady, counts)],
  };
};

const measureSaturated = async (subject: Subject, polled: readonly Session[]): Promise<Measured> => {
  const start = process.cpuUsage();
  const begin = performance.now();
  await receive(subject, polled, () => putAtOnce(subject, saturating), saturating);
  const saturated = Math.round(saturating / ((performance.now() - begin) / 1000));
  const counts = await subject.counts({ records: saturating });
  return {
    figures: [
      { name: 'Kinesis to client, saturated', value: saturated, unit: 'messages/s', aim: '> 5000' },
      ...cpuFigures({ what: 'a message, saturated', of: saturating, cpu: counts.cpu, start }),
    ],
    counted: [counted('a stream of messages, each to one session', saturating, counts)],
  };
};

/** From the stream to polling clients: at a steady rate, and as fast as it goes. */
export const measureStreaming = async (subject: Subject): Promise<Measured> => {
  const polled = await Promise.all(range(0, sessions).map((number) => subject.create(account, sessionOf(number))));
  const steadily = await measureSteady(subject, polled);
  const saturated = await measureSaturated(subject, polled);
  return {
    figures: [...steadily.figures, ...saturated.figures],
    counted: [...(steadily.counted ?? []), ...(saturated.counted ?? [])],
  };
};
