import type { Reasons } from './types.ts';

/** What somebody can do about a state, by its reason; other reasons need nobody. */
export const remedies: Partial<Record<Reasons[keyof Reasons], string>> = {
  'no-handler': 'Listen to message, or iterate.',
  offline: 'Check the network.',
  network: 'Check the network and the Content-Security-Policy.',
  refused: 'See detail.',
  'renew-failed': 'See detail, renew() and the backend.',
  handler: 'See why a listener does not return.',
  'session-gone': 'Create a session and connect with it.',
};
