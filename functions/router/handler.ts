import * as z from 'zod/mini';
import { task, type Invocation, type Log } from '../aws/task.ts';
import { sendsInFlight } from '../dispatch/limits.ts';
import { openDynamoDb, openSqs, openStepFunctions } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import type { MessagesInput } from '../dispatch/dispatch.ts';
import { runDispatch } from '../dispatch/dispatch-machine.ts';
import { planExecutions, type Load } from '../dispatch/executions.ts';
import { createMessageStore, lighten } from '../dispatch/message-store.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { streamRecordSchema } from '../dispatch/record.ts';
import { sendBatch } from '../dispatch/send-batch.ts';
import { readRecords, runLanes } from './dispatch-records.ts';
import { rejectRecords } from './reject-records.ts';

export interface Dependencies {
  readonly sqs: ReturnType<typeof openSqs>;
  readonly dynamoDb: ReturnType<typeof openDynamoDb>;
  readonly stepFunctions: ReturnType<typeof openStepFunctions>;
  readonly measures: Measures;
  readonly logger: Pick<Log, 'error' | 'warn'>;
  readonly now: () => number;
  readonly delay: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
}

const eventSchema = z.object({ Records: z.array(streamRecordSchema) });

/** Milliseconds at the end of an invocation that are left for rejecting records and answering. */
const timeToEnd = 15_000;

/** What a batch comes to: everything before the record named here is done; it and what follows come again. */
interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Dispatches the messages of a Kinesis batch and waits until each is delivered or deadLettered; records that hold no message go
 * to the rejected queue. After a failure the answer names the first record that is not done, so that order is kept.
 */
export const handle =
  (
    { sqs, dynamoDb, stepFunctions, measures, logger, now, delay, random }: Dependencies,
    environment: Environment<'rejectedQueueUrl' | 'dispatchMachineArn' | 'messageTableName'>,
  ) =>
  async (event: unknown, invocation: Invocation): Promise<BatchAnswer> => {
    const signal = AbortSignal.timeout(Math.max(0, invocation.getRemainingTimeInMillis() - timeToEnd));
    const { Records: records } = z.parse(eventSchema, event);
    const { accepted, rejected } = readRecords(records);
    const store = createMessageStore(dynamoDb, environment.messageTableName);
    const heavy = new Map(accepted.map(({ position, message }) => [position, message]));
    const run = async (load: Load): Promise<void> => {
      for (const { position, message } of load) {
        const body = heavy.get(position);
        if ('stored' in message && body) await store.put(body, now());
      }
      let input: MessagesInput | undefined = { messages: load.map(({ message }) => message) };
      while (input) {
        const answer = await runDispatch(stepFunctions, environment.dispatchMachineArn, input, signal);
        const { cursor, ...totals } = answer;
        input = cursor && { messages: input.messages, cursor, totals };
      }
    };
    const light = accepted.map(({ position, message }) => ({ position, message: lighten(message) }));
    const { notDone, failure } = await runLanes(planExecutions(light), run);
    const before = Math.min(records.length, ...notDone);
    const due = rejected.filter(({ position }) => position < before);
    const sending = { send: sendBatch.bind(undefined, sqs), delay, now, random, deadline: now() + 5_000 };
    const notRejected = await rejectRecords(records, due, environment.rejectedQueueUrl, sending);
    const done = Math.min(before, ...notRejected);
    const counted = due.filter(({ position }) => position < done);
    for (const { failure: reason } of counted) logger.warn('RECORD_REJECTED', { reason: reason.name });
    measures.count('messagesReceived', done);
    measures.count('recordsRejected', counted.length);
    measures.publish();
    const next = records[done];
    if (!next) return { batchItemFailures: [] };
    logger.error('BATCH_NOT_DONE', { reason: reasonOf(failure), records: records.length - done });
    return { batchItemFailures: [{ itemIdentifier: next.kinesis.sequenceNumber }] };
  };

const reasonOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : 'Records could not be put into the rejected queue';

export const handler = task(
  'router',
  ['rejectedQueueUrl', 'dispatchMachineArn', 'messageTableName'],
  ({ environment, log, ...host }) =>
    handle(
      {
        ...host,
        logger: log,
        sqs: openSqs({ maxSockets: sendsInFlight }),
        dynamoDb: openDynamoDb({ maxSockets: sendsInFlight }),
        stepFunctions: openStepFunctions(),
        measures: createMeasures(),
      },
      environment,
    ),
);
