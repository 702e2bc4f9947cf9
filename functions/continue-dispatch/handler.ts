import * as z from 'zod/mini';
import { openStepFunctions } from '../aws/clients.ts';
import { task } from '../aws/task.ts';
import { progressSchema } from '../dispatch/dispatch.ts';
import { readInput } from '../aws/input.ts';
import { startDispatch } from '../dispatch/dispatch-machine.ts';

export interface Dependencies {
  readonly stepFunctions: ReturnType<typeof openStepFunctions>;
}

const inputSchema = z.object({ dispatch: progressSchema, stateMachineArn: z.string() });

/**
 * Starts a further execution that goes on at the cursor, when nobody waits for the sessions that are left.
 * @throws Throttled, UpstreamUnavailable, UpstreamFailed
 */
export const handle =
  ({ stepFunctions }: Dependencies) =>
  async (input: unknown): Promise<object> => {
    const { dispatch, stateMachineArn } = readInput(inputSchema, input);
    const { messages, cursor, totals } = dispatch;
    await startDispatch(stepFunctions, stateMachineArn, {
      messages,
      ...(cursor && { cursor }),
      totals,
      continued: true,
    });
    return {};
  };

export const handler = task('continue-dispatch', [], () => handle({ stepFunctions: openStepFunctions() }));
