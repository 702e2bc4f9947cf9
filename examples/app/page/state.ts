import type { State } from 'sqs-browser/client';

const sentences: Readonly<Record<State['status'], string>> = {
  connecting: 'Connecting',
  polling: 'Connected',
  paused: 'Paused',
  renewing: 'Renewing keys',
  waiting: 'Trying again',
  ended: 'Ended',
};

const explain = (state: State): string => ('detail' in state ? `${state.reason}: ${state.detail}` : state.reason);

/** Shows a connection's state, or that there is none because the page sleeps. */
export const showState = (element: HTMLElement, state: State | 'asleep'): void => {
  const isAsleep = state === 'asleep';
  element.textContent = isAsleep ? 'Asleep' : sentences[state.status];
  element.title = isAsleep ? 'The page makes no requests. Events wait in the queue.' : explain(state);
  element.dataset['status'] = isAsleep ? 'asleep' : state.status;
  const remedy = isAsleep ? undefined : state.remedy;
  if (remedy) element.append(` · ${remedy}`);
};
