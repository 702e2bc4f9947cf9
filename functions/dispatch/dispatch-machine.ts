import { StartExecutionCommand, StartSyncExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { settle } from '../aws/aws-errors.ts';
import { UpstreamUnavailable } from '../aws/errors.ts';
import { cursorSchema, totalsSchema, type MessagesInput } from './dispatch.ts';

/** What the router reads of the machine's answer. */
const answerSchema = z.object({ ...totalsSchema.shape, cursor: z.exactOptional(cursorSchema) });
export type DispatchAnswer = z.output<typeof answerSchema>;

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
