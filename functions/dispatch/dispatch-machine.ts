import { SFNClient, StartExecutionCommand, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { settle } from '../aws/aws-failures.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { UpstreamUnavailable } from '../aws/failures.ts';
import { cursorSchema, totalsSchema, type MessagesInput } from './dispatch.ts';

/** What the router reads of the machine's answer. */
const answerSchema = z.object({ ...totalsSchema.shape, cursor: z.exactOptional(cursorSchema) });
export type DispatchAnswer = z.output<typeof answerSchema>;

/** An Express execution lasts at most five minutes; the answer is waited for a little longer. In milliseconds. */
const longestExecution = 305_000;

/**
 * A client for the dispatch machine. Synchronous starts go to a host of their own, `sync-states…`, which a configured
 * endpoint does not have. A start is not repeated: an execution may be under way.
 */
export const openStepFunctions = (): SFNClient =>
  new SFNClient({
    ...clientSettings,
    maxAttempts: 1,
    disableHostPrefix: process.env['AWS_ENDPOINT_URL'] !== undefined,
    requestHandler: { ...clientSettings.requestHandler, requestTimeout: longestExecution },
  });

/**
 * Runs the machine and waits for its answer.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed; UpstreamUnavailable as well when the execution fails
 */
export const runDispatch = async (
  client: SFNClient,
  stateMachineArn: string,
  input: MessagesInput,
  abortSignal: AbortSignal,
): Promise<DispatchAnswer> => {
  const command = new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { status, error, output } = await settle('states:StartSyncExecution', client.send(command, { abortSignal }));
  if (status !== 'SUCCEEDED') {
    throw new UpstreamUnavailable(`The dispatch ended as ${status ?? 'unknown'}: ${error ?? 'no error given'}`);
  }
  return answerSchema.parse(JSON.parse(output ?? ''));
};

/**
 * Starts an execution nobody waits for.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const startDispatch = async (
  client: SFNClient,
  stateMachineArn: string,
  input: MessagesInput,
): Promise<void> => {
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  await settle('states:StartExecution', client.send(command));
};
