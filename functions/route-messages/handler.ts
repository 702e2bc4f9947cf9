import * as z from 'zod/mini';
import { task } from '../aws/task.ts';
import { sendsInFlight } from '../dispatch/limits.ts';
import { openDynamoDb } from '../aws/clients.ts';
import type { Environment } from '../aws/environment.ts';
import { Audience } from '../dispatch/recipients.ts';
import { progressSchema, type Delivery, type Progress } from '../dispatch/dispatch.ts';
import { findPage } from '../dispatch/find-page.ts';
import { readInput } from '../aws/input.ts';
import { createMessageStore } from '../dispatch/message-store.ts';
import { createMeasures, type Measures } from '../aws/metrics.ts';
import { createFindSessions } from '../dispatch/session-index.ts';
import { beginDispatch, dispatchInputSchema } from './begin-dispatch.ts';

export interface Dependencies {
  readonly dynamoDb: ReturnType<typeof openDynamoDb>;
  readonly measures: Measures;
  readonly now: () => number;
  readonly newId: () => string;
}

const inputSchema = z.object({ dispatch: z.union([progressSchema, dispatchInputSchema]) });

/** Milliseconds of reading after which the page is what has been found: well within the function's time. */
const readingTime = 15_000;

/**
 * Finds the sessions of the next page, and what each gets.
 * @throws InvalidRequest, MessageTooLarge, Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const handle =
  (
    { dynamoDb, measures, now, newId }: Dependencies,
    environment: Environment<'sessionTableName' | 'messageTableName'>,
  ) =>
  async (input: unknown): Promise<Progress & { deliveries: Delivery[] }> => {
    const { dispatch } = readInput(inputSchema, input);
    const store = createMessageStore(dynamoDb, environment.messageTableName);
    const started = 'deadline' in dispatch ? dispatch : await beginDispatch(dispatch, { store, now, newId });
    const { cursor: from = { lookup: 0 }, ...progress } = started;
    const search = {
      audience: new Audience(progress.messages),
      find: createFindSessions(dynamoDb, environment.sessionTableName),
      now,
      deadline: now() + readingTime,
    };
    const { page, cursor } = await findPage(search, from);
    measures.count('messagesReceived', 'notify' in dispatch ? 1 : 0);
    measures.count('sessionsTargeted', page.sessions);
    measures.count('messagesRouted', cursor ? 0 : progress.messages.length);
    measures.publish();
    return { ...progress, ...(cursor && { cursor }), deliveries: page.deliveries() };
  };

export const handler = task('route-messages', ['sessionTableName', 'messageTableName'], ({ environment, now }) =>
  handle(
    {
      dynamoDb: openDynamoDb({ maxSockets: sendsInFlight }),
      measures: createMeasures(),
      now,
      newId: () => crypto.randomUUID(),
    },
    environment,
  ),
);
