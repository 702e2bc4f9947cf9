import * as z from 'zod/mini';
import { task } from '../aws/task.ts';
import { deliveryResultSchema, progressSchema, type Answer, type Progress } from '../dispatch/dispatch.ts';
import { readInput } from '../aws/input.ts';

export interface Dependencies {
  readonly now: () => number;
}

const inputSchema = z.object({
  dispatch: z.extend(progressSchema, { results: z.array(deliveryResultSchema) }),
});

/** What the machine does next, and what it answers if that is the end. */
type Counted = Progress & { readonly next: 'route' | 'continue' | 'done'; readonly answer: Answer };

/** Adds up a page's results and decides whether there is a next page, here or in a further execution. */
export const handle =
  ({ now }: Dependencies) =>
  (input: unknown): Promise<Counted> => {
    const { results, ...progress } = readInput(inputSchema, input).dispatch;
    const totals = {
      sessions: results.reduce((sum, result) => sum + result.sessions, progress.totals.sessions),
      delivered: results.reduce((sum, result) => sum + result.delivered, progress.totals.delivered),
    };
    const { cursor, deadline, atDeadline, messages } = progress;
    const next = !cursor ? 'done' : now() < deadline ? 'route' : atDeadline === 'continue' ? 'continue' : 'done';
    const only = messages.length === 1 ? messages[0] : undefined;
    const answer: Answer = {
      ...(only && { messageId: only.messageId }),
      ...totals,
      ...(next === 'continue' && { continued: true }),
      ...(next === 'done' && cursor && { cursor }),
    };
    return Promise.resolve({ ...progress, totals, next, answer });
  };

export const handler = task('count-deliveries', [], ({ now }) => handle({ now }));
