import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { openCognito, openSqs } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { SessionConflict, UpstreamFailed, UpstreamUnavailable } from '../aws/errors.ts';
import { deleteIdentities } from '../sessions/identities.ts';
import { deleteQueue, findQueue } from '../sessions/queues.ts';
import type { SessionRecord } from '../sessions/session-record.ts';
import { findRecord, openSessionTable, replaceRecord, type SessionTable } from '../sessions/session-table.ts';
import { reconcilePolicy } from '../sessions/reconcile-policy.ts';
import { task } from '../aws/task.ts';
import {
  mayHaveRefreshed,
  ownVersion,
  stateSchema,
  unusedIdentities,
  unusedQueue,
  type CreateState,
} from './create-state.ts';

const inputSchema = z.object({ state: stateSchema });

interface Dependencies {
  readonly table: SessionTable;
  readonly sqs: SQSClient;
  readonly cognito: CognitoIdentityClient;
}

type TidyEnvironment = Environment<'queuePrefix' | 'queueArnPrefix' | 'browserRoleArn' | 'browserRoleId'>;

/**
 * Ends a create: takes back a refresh that failed halfway, then deletes what was made or replaced and the record does not
 * name. A step that fails keeps none of the others from being tried; all of them may be done again. What is left, the
 * cleanup finds.
 * @throws the first step's failure, when all have been tried; SessionConflict after a refresh that did not fail, when
 * its keys are shut out already because the session was refreshed again or destroyed: they are no answer to give
 */
export const handle =
  (dependencies: Dependencies, environment: TidyEnvironment) =>
  async (input: unknown): Promise<Record<string, never>> => {
    const { state } = inputSchema.parse(input);
    if (!state.identity) return {};
    const undo = mayHaveRefreshed(state);
    const restored = undo ? restoreRecord(dependencies, state) : Promise.resolve();
    const policy = restored
      .catch(() => undefined)
      .then(() => (undo ? reconcilePolicy(dependencies, environment, state.request) : undefined));
    // Nothing is deleted while the record may yet be put back: it names what would be deleted.
    const deleted = restored.then(() => deleteUnused(dependencies, environment, state));
    await allDone([restored, policy, deleted]);
    if (!state.failure && (await deleted)?.sessionName !== state.identity.sessionName) throw new SessionConflict();
    return {};
  };

/** Waits for all steps, whatever becomes of them. @throws the first one's failure */
const allDone = async (steps: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(steps)).find((step) => step.status === 'rejected');
  if (failed) throw failed.reason;
};

/** Puts the found record back where ours is; one that was renewed or refreshed since stays. */
const restoreRecord = async ({ table }: Dependencies, state: CreateState): Promise<void> => {
  const ours = ownVersion(state);
  if (state.session && ours) await replaceRecord(table, state.session, ours);
};

/** Deletes what the record does not name, and answers the record. */
const deleteUnused = async (
  { table, sqs, cognito }: Dependencies,
  { queuePrefix }: TidyEnvironment,
  state: CreateState,
): Promise<SessionRecord | null> => {
  const record = await findRecord(table, state.request);
  await allDone([
    dropIdentities(cognito, unusedIdentities(state, record)),
    ...unusedQueue(state, record, queuePrefix).map((name) => dropQueue(sqs, name)),
  ]);
  return record;
};

const dropIdentities = async (cognito: CognitoIdentityClient, unused: readonly string[]): Promise<void> => {
  if (unused.length === 0) return;
  const left = await deleteIdentities(cognito, unused);
  if (left.some(({ ErrorCode }) => ErrorCode === 'AccessDenied'))
    throw new UpstreamFailed('Identities may not be deleted');
  if (left.length > 0) throw new UpstreamUnavailable('Identities were not deleted');
};

const dropQueue = async (sqs: SQSClient, name: string): Promise<void> => {
  const queueUrl = await findQueue(sqs, name);
  if (queueUrl !== undefined) await deleteQueue(sqs, queueUrl);
};

export const handler = task(
  'undo-create',
  ['sessionTableName', 'queuePrefix', 'queueArnPrefix', 'browserRoleArn', 'browserRoleId'],
  ({ environment }) =>
    handle(
      { table: openSessionTable(environment.sessionTableName), sqs: openSqs(), cognito: openCognito() },
      environment,
    ),
);
