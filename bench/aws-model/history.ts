import { isDeepStrictEqual } from 'node:util';
import type { ExecutionRecord } from 'aws-template-emulator';
import type { RecordedExecution, RecordedFunction, RecordedState, RecordedStates } from './recording.ts';

type HistoryEvent = ExecutionRecord['events'][number];

/** What a function did when it was run with a payload. */
export type FindRun = (functionArn: string, payload: string) => RecordedFunction;

/** States that do no work. */
const transitions = ['ChoiceStateEntered', 'PassStateEntered', 'SucceedStateEntered', 'WaitStateEntered'];

/** Equal neighbours become one entry. */
const compress = (iterations: readonly RecordedStates[]): { times: number; states: RecordedStates }[] => {
  const entries: { times: number; states: RecordedStates }[] = [];
  for (const states of iterations) {
    const last = entries.at(-1);
    if (last && isDeepStrictEqual(last.states, states)) last.times += 1;
    else entries.push({ times: 1, states });
  }
  return entries;
};

/** The states that an execution ran, in the order and nesting of its history. */
export const executionOf = (events: readonly HistoryEvent[], find: FindRun): RecordedExecution => {
  const following = Map.groupBy(events, ({ previousEventId }) => previousEventId ?? 0);
  const isOfType = (end: string) => (event: HistoryEvent) => event.type?.endsWith(end) ?? false;

  const stateOf = (event: HistoryEvent, next: readonly HistoryEvent[]): RecordedState | undefined => {
    const { type = '', lambdaFunctionScheduledEventDetails: scheduled } = event;
    if (scheduled) return { type: 'task', function: find(scheduled.resource ?? '', scheduled.input ?? '') };
    if (transitions.includes(type)) return { type: 'transition' };
    if (type === 'ParallelStateStarted')
      return { type: 'parallel', branches: next.filter(isOfType('StateEntered')).map(statesFrom) };
    if (type === 'MapStateStarted')
      return { type: 'map', iterations: compress(next.filter(isOfType('IterationStarted')).map(statesFrom)) };
    return undefined;
  };

  const statesFrom = (first: HistoryEvent | undefined): RecordedStates => {
    const states: RecordedState[] = [];
    for (let event = first; event;) {
      const next = following.get(event.id ?? 0) ?? [];
      const state = stateOf(event, next);
      if (state) states.push(state);
      const goesOnHere = state?.type === 'parallel' || state?.type === 'map' ? isOfType('StateSucceeded') : () => true;
      event = next.find(goesOnHere);
    }
    return states;
  };

  return { events: events.length, states: statesFrom(following.get(0)?.[0]) };
};
