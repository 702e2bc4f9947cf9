import type { Reasons } from './types.ts';

/** What somebody can do about a state, by its reason; other reasons need nobody. */
export const remedies: Partial<Record<Reasons[keyof Reasons], string>> = {
  'no-handler': 'Listen to messages.',
  offline: 'Check the network.',
  network: 'Check the network and connect-src.',
  refused: 'See detail.',
  'renew-failed': 'Check renew().',
  handler: 'Check your listeners.',
  'session-gone': 'Create a session.',
};
