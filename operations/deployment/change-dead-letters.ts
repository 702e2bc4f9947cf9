import { setTimeout } from 'node:timers/promises';
import { DeleteObjectCommand, ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { BucketSource } from '../redrive/bucket-source.ts';
import { createDispatch } from '../redrive/dispatch.ts';
import { openMessageBodies, type MessageBodies } from '../redrive/message-bodies.ts';
import { sdkCalls } from '../redrive/sdk-calls.ts';
import { putBack } from '../redrive/put-back.ts';
import type { Counts, Dispatch, Put, Source } from '../redrive/put-back.ts';
import { QueueSource } from '../redrive/queue-source.ts';
import { readRejected } from '../redrive/rejected.ts';
import { createPut } from '../redrive/stream.ts';
import { readUndelivered } from '../redrive/undelivered.ts';
import type { Place } from './dead-letters.ts';
import { queueUrlOf } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { receiveAll } from './peek-queue.ts';
import { queueDepth } from './queues.ts';

export interface RedriveOptions {
  readonly place: Place;
  /** Counts what would be put back and changes nothing. */
  readonly dryRun: boolean;
  /** Only dead letters with one of these message ids. Default: all. */
  readonly messageIds?: readonly string[] | undefined;
  /** @param total how many waited when it began; undefined when only some are chosen */
  readonly onProgress?: (counts: Counts, total: number | undefined) => void;
}

const bodiesOf = ({ clients, output }: Deployment): MessageBodies =>
  openMessageBodies(clients.s3, () => output('MessageBucketName'));

const sourceOf = (deployment: Deployment, place: Place): Source => {
  const { clients, endpoint, output } = deployment;
  if (place === 'failed-batches') return new BucketSource(clients.s3, output('FailedBatchBucketName'));
  const read = place === 'rejected' ? readRejected : readUndelivered(bodiesOf(deployment));
  const url = queueUrlOf(deployment, place);
  return new QueueSource(clients.sqs, url, read, endpoint === undefined ? 1 : 0);
};

/** Whether an identity belongs to a message: it is its id or its sequence number, or a list that begins with its id. */
const names = (identity: string, id: string): boolean =>
  identity === id || id.endsWith(`:${identity}`) || identity.startsWith(`[${JSON.stringify(id)},`);

const onlyWith = (source: Source, ids: readonly string[]): Source => ({
  next: async () => {
    const found = await source.next();
    return found?.filter(
      (each) => 'identities' in each && each.identities.some((identity) => ids.some((id) => names(identity, id))),
    );
  },
  remove: (handles) => source.remove(handles),
  release: () => source.release(),
});

/** How many messages or batches wait in a place; of a queue about how many. */
export const countWaiting = async (deployment: Deployment, place: Place): Promise<number> => {
  if (place !== 'failed-batches') return (await queueDepth(deployment, queueUrlOf(deployment, place)))?.waiting ?? 0;
  const { clients, output } = deployment;
  let count = 0;
  const pages = paginateListObjectsV2({ client: clients.s3 }, { Bucket: output('FailedBatchBucketName') });
  for await (const { KeyCount = 0 } of pages) count += KeyCount;
  return count;
};

/** Dispatches messages as the router does. */
export const dispatchOf = (deployment: Deployment): Dispatch => {
  const { clients, output } = deployment;
  return createDispatch({
    stepFunctions: sdkCalls(clients.stepFunctions, { StartSyncExecutionCommand }),
    dispatchMachineArn: output('DispatchMachineArn'),
    store: bodiesOf(deployment),
  });
};

/** Delivers the dead letters of a place, puts records that hold no message back on the stream, and removes what succeeded. */
export const redriveDeadLetters = async (deployment: Deployment, options: RedriveOptions): Promise<Counts> => {
  const { place, dryRun, messageIds, onProgress } = options;
  const { clients, output } = deployment;
  const source = sourceOf(deployment, place);
  const total = messageIds || !onProgress ? undefined : await countWaiting(deployment, place);
  // Records to be put back come from a stream, so a service without a stream has none.
  const put: Put = (records) =>
    records.length === 0
      ? Promise.resolve([])
      : createPut({
          client: clients.kinesis,
          streamName: output('EventStreamName'),
          wait: (milliseconds) => setTimeout(milliseconds),
        })(records);
  return putBack({
    source: messageIds ? onlyWith(source, messageIds) : source,
    ...{ dispatch: dispatchOf(deployment), put, dryRun },
    progress: (counts) => onProgress?.(counts, total),
  });
};

type OnDiscard = (discarded: number) => void;

const discardBatches = async ({ clients, output }: Deployment, onProgress: OnDiscard): Promise<number> => {
  const Bucket = output('FailedBatchBucketName');
  let discarded = 0;
  for (;;) {
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
    if (Contents.length === 0) return discarded;
    for (const { Key } of Contents) await clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    discarded += Contents.length;
    onProgress(discarded);
  }
};

/**
 * Deletes everything that waits in a place, for good.
 * @param onProgress gets how many are deleted, and about how many there were at the beginning
 * @returns how many messages or batches were deleted
 */
export const discardDeadLetters = async (
  deployment: Deployment,
  place: Place,
  onProgress?: (discarded: number, total: number | undefined) => void,
): Promise<number> => {
  const total = onProgress && (await countWaiting(deployment, place));
  const tell: OnDiscard = (discarded) => onProgress?.(discarded, total);
  if (place === 'failed-batches') return discardBatches(deployment, tell);
  const QueueUrl = queueUrlOf(deployment, place);
  let discarded = 0;
  for (;;) {
    const messages = await receiveAll(deployment, QueueUrl, 10);
    if (messages.length === 0) return discarded;
    for (let start = 0; start < messages.length; start += 10) {
      const Entries = messages
        .slice(start, start + 10)
        .map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle }));
      const { Failed = [] } = await deployment.clients.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      discarded += Entries.length - Failed.length;
      tell(discarded);
    }
  }
};
