import type { Deployment } from './deployment.ts';
import type { Fate } from './trace-advice.ts';
import { adviceFor } from './trace-advice.ts';
import type { TraceStep } from './trace-steps.ts';
import { deadLetterSteps, logSteps, runSteps, streamSteps } from './trace-steps.ts';

export type { TraceStep } from './trace-steps.ts';

export interface Trace {
  readonly messageId: string;
  readonly fate: Fate;
  /** The oldest first. */
  readonly steps: readonly TraceStep[];
  /** What to do next, in sentences with commands. */
  readonly next: string;
}

const includes = (list: unknown, id: string): boolean => Array.isArray(list) && list.includes(id);

/** The fate after the last dispatch: a message that was put back has several dispatches. */
const fateOfDispatch = (messageId: string, { details }: TraceStep, deadLetters: number, dispatches: number): Fate => {
  if (includes(details['nobody'], messageId)) return 'addressed to nobody';
  // Each dispatch that dead-letters a message logs that first.
  if (details['deadLettered'] !== 0 && deadLetters >= dispatches) return 'dead-lettered';
  return details['delivered'] === 0 ? 'its sessions had ended' : 'delivered';
};

/** @param steps the oldest first */
const fateOf = (messageId: string, steps: readonly TraceStep[]): Fate => {
  const at = (where: string): boolean => steps.some((step) => step.where === where);
  const logged = (code: string): TraceStep[] => steps.filter(({ details }) => details['message'] === code);
  if (at('undelivered')) return 'dead-lettered';
  if (at('rejected') || logged('RECORD_REJECTED').length > 0) return 'rejected';
  const dispatches = logged('MESSAGES_DISPATCHED');
  const deadLetters = logged('MESSAGES_DEAD_LETTERED');
  const last = dispatches.at(-1);
  if (last) return fateOfDispatch(messageId, last, deadLetters.length, dispatches.length);
  if (deadLetters.length > 0) return 'dead-lettered';
  if (logged('EVENTS_NOT_SENT').length > logged('EVENTS_PUBLISHED').length) return 'not sent';
  if (at('failed-batches')) return 'in a failed batch';
  if (logged('BATCH_NOT_DONE').length > 0) return 'being tried again';
  return at('stream') ? 'on the stream' : 'unknown';
};

/**
 * Finds everything about a message: in the functions' logs, the runs, the stream, the undelivered queue and the failed-batch bucket.
 * @param since how far back the logs are read, epoch milliseconds
 */
export const traceMessage = async (deployment: Deployment, messageId: string, since: number): Promise<Trace> => {
  const onStream = await streamSteps(deployment, messageId);
  const found = await Promise.all([
    Promise.resolve(onStream),
    runSteps(deployment, messageId, since),
    logSteps(deployment, messageId, { since, arrived: onStream[0]?.at ?? since }),
    deadLetterSteps(deployment, messageId),
  ]);
  const steps = found.flat().sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity));
  const known = { messageId, fate: fateOf(messageId, steps), steps };
  return { ...known, next: adviceFor(known, deployment) };
};
