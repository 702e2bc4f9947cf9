import { Audience } from '../../functions/dispatch/recipients.ts';
import { Page } from '../../functions/dispatch/page.ts';
import type { Measured } from '../measure.ts';

const messages = 100;
const sessions = 2000;
const rounds = 30;

/** Deciding who gets what and packing it, without a service in sight, on one core. */
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
    const audience = new Audience(list);
    let page = new Page();
    for (let number = 0; number < sessions; number += 1) {
      const session = {
        accountId: 1,
        sessionId: `s${number}`,
        userId: number % 7,
        queueUrl: `https://sqs.us-east-1.amazonaws.com/0/brws-dev-${number}`,
      };
      const messagesOf = audience.messagesFor(session);
      if (!messagesOf) continue;
      pairs += messagesOf.indices.length;
      if (page.add(session, messagesOf)) continue;
      page.deliveries();
      page = new Page();
      page.add(session, messagesOf);
    }
    page.deliveries();
  };
  run();
  pairs = 0;
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) run();
  const perSecond = Math.round(pairs / ((performance.now() - start) / 1000));
  return {
    figures: [{ name: 'routing and packing, message × session pairs', value: perSecond, unit: '/s', aim: '> 1000000' }],
  };
};
