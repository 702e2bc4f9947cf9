import '../../fakes/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openSqs } from '../../../functions/aws/clients.ts';
import { sendsInFlight } from '../../../functions/dispatch/limits.ts';
import { handle } from '../../../functions/deliver-batch/handler.ts';
import type { DeliveryResult } from '../../../functions/dispatch/dispatch.ts';
import type { Message } from '../../../functions/dispatch/message.ts';
import { AwsFault, startAwsServer } from '../../fakes/aws-server.ts';
import { LogFake } from '../../fakes/log.ts';
import { MeasuresFake } from '../../fakes/measures.ts';
import { SqsFake } from '../../fakes/sqs.ts';

/** When deliveries begin; the clock moves only by the delays between attempts and as a test says. */
export const start = 1_700_000_000_000;

export type Groups = readonly { messages: string; sessions: (readonly [queue: string, sessionId: string])[] }[];

/** The function under test, with an SQS and a table of its own. */
export const startDelivering = async () => {
  const sqs = new SqsFake();
  const measures = new MeasuresFake();
  const log = new LogFake();
  const clock = { now: start };
  const delays: number[] = [];
  /** Bodies by message id; `throttled` fails the read. */
  const stored = new Map<string, string>();
  const server = await startAwsServer({
    ...sqs.actions,
    GetItem: ({ Key }) => {
      const { messageId } = Key as { messageId: { S: string } };
      const body = stored.get(messageId.S);
      if (body === 'throttled') throw new AwsFault('ProvisionedThroughputExceededException');
      return body === undefined ? {} : { Item: { messageId, body: { S: body } } };
    },
  });
  const run = handle(
    {
      sqs: openSqs({ ...server.client, maxSockets: sendsInFlight }),
      dynamoDb: new DynamoDBClient(server.client),
      measures,
      logger: log,
      now: () => clock.now,
      delay: (milliseconds) => {
        delays.push(milliseconds);
        clock.now += milliseconds;
        return Promise.resolve();
      },
      random: () => 0.5,
    },
    { messageTableName: 'Messages' },
  );
  const deliver = (messages: readonly Message[], groups: Groups): Promise<DeliveryResult> =>
    run({ messages, delivery: { base: 'https://sqs.eu-west-1.amazonaws.com/123456789012/', groups } });
  return { sqs, measures, log, clock, delays, stored, server, deliver };
};

/** Messages 0 and up, each sent a millisecond before the last. */
export const messages = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({
    messageId: `shard:${index}`,
    sentAt: start - 100 - index,
    accountId: 1,
    body: `{"accountId":1,"n":${index}}`,
  }));

export const bodiesOf = (list: readonly Message[]): string[] =>
  list.map((message) => ('body' in message ? message.body : ''));

/** A result with nothing gone or undelivered. */
export const whole = (sessions: number, delivered: number): DeliveryResult => ({
  sessions,
  delivered,
  gone: 0,
  undelivered: [],
});
