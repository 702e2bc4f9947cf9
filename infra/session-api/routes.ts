import type { MachineName } from '../workflows.ts';

/** The files templates/<name>.vtl that turn a request into an execution's input. */
export type RequestTemplate = 'create-session' | 'session' | 'list-sessions' | 'cleanup' | 'notify';

export interface Route {
  readonly path: string;
  readonly machine: MachineName;
  readonly request: RequestTemplate;
}

const create = { machine: 'create-session', request: 'create-session' } as const;
const list = { machine: 'list-sessions', request: 'list-sessions' } as const;
const notify = { machine: 'dispatch', request: 'notify' } as const;

/** Every route there is; each answers GET and POST alike. */
export const routes: readonly Route[] = [
  { path: '/create/{accountId}/{sessionId}', ...create },
  { path: '/create/{accountId}/{sessionId}/{userId}', ...create },
  { path: '/renew/{accountId}/{sessionId}', machine: 'renew-session', request: 'session' },
  { path: '/status', ...list },
  { path: '/status/{accountId}', ...list },
  { path: '/status/{accountId}/{sessionId}', machine: 'session-status', request: 'session' },
  { path: '/destroy/{accountId}/{sessionId}', machine: 'destroy-session', request: 'session' },
  { path: '/cleanup', machine: 'cleanup', request: 'cleanup' },
  { path: '/notify/{accountId}', ...notify },
  { path: '/notify/{accountId}/session/{sessionId}', ...notify },
  { path: '/notify/{accountId}/session/{sessionId}/user/{userId}', ...notify },
  { path: '/notify/{accountId}/user/{userId}', ...notify },
];
