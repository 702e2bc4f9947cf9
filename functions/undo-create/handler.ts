import * as z from 'zod/mini';
import { openCognito, openSqs, type CognitoIdentityClient, type SQSClient } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { QueueDoesNotExist } from '../aws/errors.ts';
import { task } from '../aws/task.ts';
import { deleteIdentity } from '../sessions/identities.ts';
import { newQueueName, queueNameOf, deleteQueue, findQueue } from '../sessions/queues.ts';
import {
  identitySchema,
  recordSchema,
  findRecord,
  openSessionTable,
  type SessionTable,
} from '../sessions/session-record.ts';

const inputSchema = z.object({
  request: z.object({ accountId: z.number(), sessionId: z.string() }),
  /** The session that was found, which the create was to refresh. */
  session: z.nullable(recordSchema),
  identity: identitySchema,
  /** The name of the failure that ended the create. A machine of an older version, while a deployment is under way, does not say it. */
  failure: z._default(z.string(), ''),
});

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
}

/**
 * Deletes the identity and the queue that a failed create made, unless the session's record names them. A record that does not name them
 * now never will: every write is conditional on the record that was seen. Both are tried even if one fails; the cleanup finds what is left.
 * @throws the first failure, when both have been tried; QueueDoesNotExist when SQS does not find the queue that was made
 */
export const handle =
  ({ table, sqs, cognito }: Dependencies, { queuePrefix }: Environment<'queuePrefix'>) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { request, session, identity, failure } = inputSchema.parse(input);
    const { identityId, nameSeed } = identity;
    const madeIdentity = identityId !== session?.identityId;
    if (!madeIdentity) return {};
    const record = await findRecord(table, request);
    const queueName = newQueueName(queuePrefix, nameSeed);
    const mayHaveMadeQueue = session === null;
    // Another create recorded its session first. This one's queue has just been made, so SQS may not know it yet.
    const madeQueue = mayHaveMadeQueue && failure === 'SessionConflict';
    const isRecorded = record && queueNameOf(record.queueUrl) === queueName;
    await allDone([
      ...(record?.identityId === identityId ? [] : [deleteIdentity(cognito, identityId)]),
      ...(!mayHaveMadeQueue || isRecorded ? [] : [dropQueue(sqs, queueName, madeQueue)]),
    ]);
    return {};
  };

/** Waits for all steps, also when some fail. @throws the first one's failure */
const allDone = async (steps: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(steps)).find((step) => step.status === 'rejected');
  if (failed) throw failed.reason;
};

/** @param exists whether the queue is known to have been made */
const dropQueue = async (sqs: SQSClient, name: string, exists: boolean): Promise<void> => {
  const queueUrl = await findQueue(sqs, name);
  const found = queueUrl !== undefined && (await deleteQueue(sqs, queueUrl));
  if (exists && !found) throw new QueueDoesNotExist('sqs:DeleteQueue');
};

export const handler = task('undo-create', ['sessionTableName', 'queuePrefix'], ({ environment }) =>
  handle(
    { table: openSessionTable(environment.sessionTableName), sqs: openSqs(), cognito: openCognito() },
    environment,
  ),
);
