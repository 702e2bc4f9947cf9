import * as z from 'zod/mini';
import type { SFNClient } from '../aws/clients.ts';
import { settle, UpstreamUnavailable } from '../aws/errors.ts';
import { remainderSchema, type MessagesInput } from './dispatch.ts';
import type { Message } from './message.ts';

const answerSchema = z.object({
  continued: z.exactOptional(z.literal(true)),
  remainder: z.exactOptional(remainderSchema),
});

/** How long to wait for a dispatch. */
export interface DispatchWait {
  readonly signal?: AbortSignal;
  /** When the answer is wanted, in epoch milliseconds: a further execution sends to the recipients that are left then. */
  readonly answerBy?: number;
}

/** A dispatch that was waited for. */
export interface Dispatched {
  /** Whether recipients are left, to whom a further execution sends. */
  readonly continued: boolean;
}

/**
 * Dispatches messages and waits until they are delivered or dead-lettered, in as many executions as it takes.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed; UpstreamUnavailable as well when an execution fails
 */
export const runDispatch =
  (client: Pick<SFNClient, 'call'>, stateMachineArn: string) =>
  async (messages: readonly Message[], { signal, answerBy }: DispatchWait = {}): Promise<Dispatched> => {
    let input: MessagesInput = { messages: [...messages], ...(answerBy !== undefined && { answerBy }) };
    for (;;) {
      const parameters = { stateMachineArn, input: JSON.stringify(input) };
      const run = client.call('StartSyncExecution', parameters, signal);
      const { status, error, output } = await settle('states:StartSyncExecution', run);
      if (status !== 'SUCCEEDED') {
        throw new UpstreamUnavailable(`The dispatch ended as ${status ?? 'unknown'}: ${error ?? 'no error given'}`);
      }
      const { continued = false, remainder } = answerSchema.parse(JSON.parse(output ?? ''));
      if (!remainder) return { continued };
      input = { ...input, ...remainder };
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
