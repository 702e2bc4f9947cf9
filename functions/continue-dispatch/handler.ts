import * as z from 'zod/mini';
import { openStepFunctions } from '../aws/clients.ts';
import { readInput } from '../aws/input.ts';
import { task } from '../aws/task.ts';
import { progressSchema, startDispatch } from '../dispatch/dispatch.ts';

const inputSchema = z.object({ dispatch: progressSchema, stateMachineArn: z.string() });

/**
 * Starts a further execution that goes on at the cursor, and does not wait for it.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const handle =
  (start: ReturnType<typeof startDispatch>) =>
  async (input: unknown): Promise<object> => {
    const { dispatch, stateMachineArn } = readInput(inputSchema, input);
    const { messages, cursor, totals } = dispatch;
    await start(stateMachineArn, {
      messages,
      ...(cursor && { cursor }),
      totals,
      continued: true,
    });
    return {};
  };

export const handler = task('continue-dispatch', [], () => handle(startDispatch(openStepFunctions())));
