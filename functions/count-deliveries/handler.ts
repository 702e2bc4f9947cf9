import * as z from 'zod/mini';
import { readInput } from '../aws/input.ts';
import { task, type Host } from '../aws/task.ts';
import {
  addResults,
  answerOf,
  deliveryResultSchema,
  logDispatch,
  progressSchema,
  type Answer,
  type Progress,
} from '../dispatch/dispatch.ts';

const inputSchema = z.object({
  dispatch: z.extend(progressSchema, { results: z.array(deliveryResultSchema) }),
});

/** What the machine does next, and what it answers if that is the end. */
type Counted = Progress & { readonly next: 'route' | 'continue' | 'done'; readonly answer: Answer };

/** Adds up the results of a plan and decides whether there is another one, in this execution or in a further one. */
export const handle =
  ({ now, log }: Pick<Host, 'now' | 'log'>) =>
  (input: unknown): Counted => {
    const { results, ...progress } = readInput(inputSchema, input).dispatch;
    const { cursor, deadline, atDeadline, messages } = progress;
    const totals = addResults(progress.totals, results);
    const next = !cursor ? 'done' : now() < deadline ? 'route' : atDeadline === 'continue' ? 'continue' : 'done';
    if (!cursor) logDispatch(log, messages, totals);
    const answer = answerOf(messages, totals, {
      ...(next === 'continue' && { continued: true }),
      ...(next === 'done' && cursor && { remainder: { cursor, totals } }),
    });
    return { ...progress, totals, next, answer };
  };

export const handler = task('count-deliveries', [], handle);
