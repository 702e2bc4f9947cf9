import { DeliveryPlan } from '../../functions/dispatch/delivery-plan.ts';
import { Recipients } from '../../functions/dispatch/recipients.ts';
import type { Measured } from '../measure.ts';

const messages = 100;
const sessions = 2000;
const rounds = 30;

/** Finding the recipients of messages and planning their deliveries, on one core and without a service. */
export const measureRouting = (): Measured => {
  const list = Array.from({ length: messages }, (_, index) => ({
    body: `{"accountId":1,"n":${index}}`,
    messageId: `m${index}`,
    sentAt: 0,
    accountId: 1,
    ...(index % 10 === 0 && { userId: index % 7 }),
  }));
  let pairs = 0;
  const run = (): void => {
    const recipients = new Recipients(list);
    const plan = new DeliveryPlan();
    for (let number = 0; number < sessions; number += 1) {
      const session = {
        accountId: 1,
        sessionId: `s${number}`,
        userId: number % 7,
        queueUrl: `https://sqs.us-east-1.amazonaws.com/0/brws-dev-${number}`,
        expires: 0,
        createdAt: 0,
        route: `u#${number % 7}#s${number}`,
      };
      const messagesOf = recipients.messagesFor(session);
      if (!messagesOf) continue;
      pairs += messagesOf.indices.length;
      plan.add({ session, messages: messagesOf, after: { query: 0, after: session } });
    }
    plan.deliveries({ query: 0 });
  };
  run();
  pairs = 0;
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) run();
  const perSecond = Math.round(pairs / ((performance.now() - start) / 1000));
  return {
    figures: [
      { name: 'routing and planning, message × session pairs', value: perSecond, unit: '/s', aim: '> 1000000' },
    ],
  };
};
