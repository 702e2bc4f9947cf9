import type { MachineName } from '../workflows.ts';

export interface Route {
  readonly path: string;
  readonly machine: MachineName;
  /** The member of the execution's input that holds the request. Default none: the input is the request. */
  readonly member?: string;
}

/** A machine that can be started with other things than a request takes a request as a member. */
const notify = { machine: 'dispatch', member: 'notify' } as const;

/**
 * Every route there is; each answers GET and POST alike. The machine gets the parameters of the path by their names, `query` with
 * the pairs of the query string, and `body` with the text of the body.
 */
export const routes: readonly Route[] = [
  { path: '/create/{accountId}/{sessionId}', machine: 'create-session' },
  { path: '/create/{accountId}/{sessionId}/{userId}', machine: 'create-session' },
  { path: '/renew/{accountId}/{sessionId}', machine: 'renew-session' },
  { path: '/status', machine: 'list-sessions' },
  { path: '/status/{accountId}', machine: 'list-sessions' },
  { path: '/status/{accountId}/{sessionId}', machine: 'session-status' },
  { path: '/destroy/{accountId}/{sessionId}', machine: 'destroy-session' },
  { path: '/cleanup', machine: 'cleanup' },
  { path: '/notify/{accountId}', ...notify },
  { path: '/notify/{accountId}/session/{sessionId}', ...notify },
  { path: '/notify/{accountId}/session/{sessionId}/user/{userId}', ...notify },
  { path: '/notify/{accountId}/user/{userId}', ...notify },
];
