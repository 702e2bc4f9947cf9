import type { Measured } from '../measure.ts';
import { p50p99 } from '../quantiles.ts';
import type { Subject } from '../subject.ts';

const messages = 300;

/** From a notify call to the polling client, one message after the other. */
export const measureNotify = async (subject: Subject): Promise<Measured> => {
  const session = await subject.create(3000, 'n');
  const stop = new AbortController();
  let arrived = Promise.withResolvers<undefined>();
  const polling = subject.poll(
    session,
    () => {
      arrived.resolve(undefined);
    },
    stop.signal,
  );
  const times: number[] = [];
  await subject.counts();
  for (let index = 0; index < messages; index += 1) {
    arrived = Promise.withResolvers();
    const start = performance.now();
    await Promise.all([
      subject.get(`/notify/3000/session/n?index=${index}`),
      arrived.promise.then(() => times.push(performance.now() - start)),
    ]);
  }
  const { calls } = await subject.counts();
  stop.abort();
  await polling;
  const { p50, p99 } = p50p99(times.slice(20));
  return {
    figures: [
      { name: 'notify to client, p50', value: p50, unit: 'ms', aim: '< 10' },
      { name: 'notify to client, p99', value: p99, unit: 'ms', aim: '< 40' },
    ],
    counted: [
      {
        scenario: 'one notify to one session',
        by: 'notify',
        messages,
        deliveries: messages,
        calls,
        // One execution with one function; a send, a poll and a delete.
        least: { dynamodb: messages, lambda: messages, states: messages, sqs: 3 * messages },
      },
    ],
  };
};
