import { changeMessageVisibility } from './change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { deleteQueue } from './delete-queue.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getQueueUrl } from './get-queue-url.ts';
import { listQueueTags } from './list-queue-tags.ts';
import { listQueues } from './list-queues.ts';
import { purgeQueue } from './purge-queue.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';
import { tagQueue } from './tag-queue.ts';
import { untagQueue } from './untag-queue.ts';
import type { Action } from '../../service.ts';
import type { SqsState } from '../queue-address.ts';

/** Every action of Amazon SQS that the emulator has, by the API's name. */
export const sqsActions = (sqs: SqsState): Readonly<Record<string, Action>> => ({
  ChangeMessageVisibility: changeMessageVisibility(sqs),
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
  CreateQueue: createQueue(sqs),
  DeleteMessage: deleteMessage(sqs),
  DeleteMessageBatch: deleteMessageBatch(sqs),
  DeleteQueue: deleteQueue(sqs),
  GetQueueAttributes: getQueueAttributes(sqs),
  GetQueueUrl: getQueueUrl(sqs),
  ListQueueTags: listQueueTags(sqs),
  ListQueues: listQueues(sqs),
  PurgeQueue: purgeQueue(sqs),
  ReceiveMessage: receiveMessage(sqs),
  SendMessage: sendMessage(sqs),
  SendMessageBatch: sendMessageBatch(sqs),
  SetQueueAttributes: setQueueAttributes(sqs),
  TagQueue: tagQueue(sqs),
  UntagQueue: untagQueue(sqs),
});
