import * as z from 'zod/mini';
import type { SFNClient } from '../aws/clients.ts';
import { settle, UpstreamUnavailable } from '../aws/errors.ts';
import { remainderSchema, type MessagesInput } from './dispatch.ts';
import type { Message } from './message.ts';

const answerSchema = z.object({ remainder: z.exactOptional(remainderSchema) });

/**
 * Dispatches messages and waits until they are delivered or dead-lettered, in as many executions as it takes.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed; UpstreamUnavailable as well when an execution fails
 */
export const runDispatch =
  (client: Pick<SFNClient, 'call'>, stateMachineArn: string) =>
  async (messages: readonly Message[], signal?: AbortSignal): Promise<void> => {
    let input: MessagesInput | undefined = { messages: [...messages] };
    while (input) {
      const parameters = { stateMachineArn, input: JSON.stringify(input) };
      const run = client.call('StartSyncExecution', parameters, signal);
      const { status, error, output } = await settle('states:StartSyncExecution', run);
      if (status !== 'SUCCEEDED') {
        throw new UpstreamUnavailable(`The dispatch ended as ${status ?? 'unknown'}: ${error ?? 'no error given'}`);
      }
      const { remainder } = answerSchema.parse(JSON.parse(output ?? ''));
      input = remainder && { messages: input.messages, ...remainder };
    }
  };

/**
 * Starts an execution and does not wait for it.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const startDispatch =
  (client: SFNClient) =>
  async (stateMachineArn: string, input: MessagesInput): Promise<void> => {
    const sent = client.call('StartExecution', { stateMachineArn, input: JSON.stringify(input) });
    await settle('states:StartExecution', sent);
  };
