import type { Measured } from '../measure.ts';
import { oneByOne } from '../messaging.ts';
import { ownMessaging } from '../own-messaging.ts';
import { p50p99 } from '../quantiles.ts';
import type { Subject } from '../subject.ts';

const account = 3000;
const messages = 300;
const warmUps = 20;

/** From a notify call to the polling client, one message after the other. */
export const measureNotify = async (subject: Subject): Promise<Measured> => {
  const messaging = ownMessaging(subject, account);
  const name = 'n';
  const session = await messaging.open(name);
  await subject.counts();
  const times = await oneByOne(messaging, { name, session, count: messages });
  const { calls } = await subject.counts();
  const { p50, p99 } = p50p99(times.slice(warmUps));
  return {
    figures: [
      { name: 'notify to client, p50', value: p50, unit: 'ms', aim: '< 10' },
      { name: 'notify to client, p99', value: p99, unit: 'ms', aim: '< 40' },
    ],
    counted: [
      {
        scenario: 'one notify to one session',
        deliveries: messages,
        calls,
        // One execution with one function; a send, a poll and a delete.
        least: { dynamodb: messages, lambda: messages, states: messages, sqs: 3 * messages },
      },
    ],
  };
};
