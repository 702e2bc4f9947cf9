import * as z from 'zod/mini';
import { openSqs, openStepFunctions } from '../aws/clients.ts';
import { InvalidRequest, MessageTooLarge } from '../aws/errors.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { openS3 } from '../aws/s3-client.ts';
import { task, type Host, type Invocation } from '../aws/task.ts';
import { runDispatch } from '../dispatch/dispatch.ts';
import {
  type InlineMessage,
  type Message,
  readRecord,
  streamRecordSchema,
  type StreamRecord,
} from '../dispatch/message.ts';
import { createMessageStore, type MessageStore } from '../dispatch/offload.ts';
import { dispatchInOrder } from '../dispatch/ordered-groups.ts';
import { createSend, sendsInFlight, type Send } from '../dispatch/queue-sender.ts';
import { rejectRecords, type Rejected } from './rejected-records.ts';

interface Dependencies extends Host {
  readonly send: Send;
  readonly store: MessageStore;
  readonly measures: Measures;
  readonly rejectedQueueUrl: string;
  /** Dispatches messages and waits until it is done. */
  readonly dispatch: (messages: readonly Message[], waiting: { readonly signal: AbortSignal }) => Promise<unknown>;
}

const eventSchema = z.object({ Records: z.array(streamRecordSchema) });

/** Milliseconds at the end of an invocation that are reserved for rejecting records and answering. */
const timeToEnd = 15_000;

/** Names the first record that is not done; Lambda passes that record and the later ones again. Empty when all are done. */
interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Dispatches the messages of a Kinesis batch and waits until each is delivered or dead-lettered; records that hold no message
 * go to the rejected queue. After a failure the answer names the first record that is not done, so that order is kept.
 */
export const handle =
  ({ store, measures, dispatch, rejectedQueueUrl, ...host }: Dependencies) =>
  async (event: unknown, invocation: Invocation): Promise<BatchAnswer> => {
    const { now, log } = host;
    const signal = AbortSignal.timeout(Math.max(0, invocation.getRemainingTimeInMillis() - timeToEnd));
    const { Records: records } = z.parse(eventSchema, event);
    const { accepted, rejected } = readRecords(records);
    const notDone = await dispatchInOrder(accepted, {
      ...{ store, failureEnds: 'everything' },
      dispatch: async (batch) => {
        await dispatch(
          batch.map(({ message }) => message),
          { signal },
        );
      },
    });
    const before = Math.min(records.length, ...notDone.keys());
    const due = rejected.filter(({ position }) => position < before);
    const sending = { ...host, deadline: now() + 5_000 };
    const notRejected = await rejectRecords(records, due, rejectedQueueUrl, sending);
    const done = Math.min(before, ...notRejected);
    const settled = due.filter(({ position }) => position < done);
    for (const { position, failure: reason } of settled) {
      log.warn('RECORD_REJECTED', { reason: reason.name, recordId: records[position]?.eventID });
    }
    measures.count('messagesReceived', done);
    measures.count('recordsRejected', settled.length);
    measures.publish();
    const next = records[done];
    if (!next) return { batchItemFailures: [] };
    log.error('BATCH_NOT_DONE', {
      reason: reasonOf(notDone.values().next().value),
      records: records.length - done,
      recordId: next.eventID,
    });
    return { batchItemFailures: [{ itemIdentifier: next.kinesis.sequenceNumber }] };
  };

/** Reads each record of a batch by itself: a bad record is rejected and does not stop the others. Messages have their positions. */
const readRecords = (records: readonly StreamRecord[]) => {
  const accepted = new Map<number, InlineMessage>();
  const rejected: Rejected[] = [];
  for (const [position, record] of records.entries()) {
    try {
      accepted.set(position, readRecord(record));
    } catch (failure) {
      if (!(failure instanceof InvalidRequest || failure instanceof MessageTooLarge)) throw failure;
      rejected.push({ position, failure });
    }
  }
  return { accepted, rejected };
};

const reasonOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : 'Records could not be put into the rejected queue';

export const handler = task(
  'router',
  ['rejectedQueueUrl', 'dispatchMachineArn', 'messageBucketName'],
  ({ environment, ...host }) => {
    const stepFunctions = openStepFunctions();
    return handle({
      ...host,
      send: createSend(openSqs({ maxSockets: sendsInFlight })),
      store: createMessageStore(openS3(), environment.messageBucketName),
      measures: createMeasures(),
      rejectedQueueUrl: environment.rejectedQueueUrl,
      dispatch: runDispatch(stepFunctions, environment.dispatchMachineArn),
    });
  },
);
