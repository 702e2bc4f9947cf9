import type { ParameterName } from '../../client/shared/parameters.ts';
import type { TaskName } from '../tasks.ts';
import type { MachineName } from '../workflows.ts';

/** What a route answers, by the name of its schema in the API's description. */
export type AnswerName = 'Session' | 'SessionPage' | 'Destroyed' | 'Cleanup' | 'Notified' | 'Published';

interface RouteBase {
  readonly path: string;
  /** The operation's name in the API's description. */
  readonly operation: string;
  readonly summary: string;
  /**
   * The parameters that the query string, or a POSTed object, may have. `message`: any parameters, which become the message. `events`: a
   * POSTed object with events.
   */
  readonly takes?: readonly ParameterName[] | 'message' | 'events';
  readonly answer: AnswerName;
}

/** A route that starts a machine and waits for its answer. */
export interface MachineRoute extends RouteBase {
  readonly machine: MachineName;
  /** The member of the execution's input that holds the request. Default none: the input is the request. */
  readonly member?: string;
}

/** A route that runs a function, because its bodies may be larger than an execution's input. It answers POST only. */
export interface TaskRoute extends RouteBase {
  readonly task: TaskName;
}

export type Route = MachineRoute | TaskRoute;

/** The methods that a route answers. */
export const methodsOf = (route: Route): readonly ('GET' | 'POST')[] => ('task' in route ? ['POST'] : ['GET', 'POST']);

const create = {
  machine: 'create-session',
  summary: 'Opens a session. One that exists is refreshed: its queue and messages stay, its old keys stop working.',
  takes: ['MessageRetentionPeriod'],
  answer: 'Session',
} as const;

const list = { machine: 'list-sessions', takes: ['limit', 'nextToken'], answer: 'SessionPage' } as const;

/** The dispatch machine has other inputs beside requests, so it takes a request as a member. */
const notify = { machine: 'dispatch', member: 'notify', takes: 'message', answer: 'Notified' } as const;

/**
 * All routes. Those with a machine answer GET and POST alike. The machine or the function gets the parameters of the path by
 * their names, `query` with the pairs of the query string, and `body` with the text of the body.
 */
export const routes: readonly Route[] = [
  { path: '/create/{accountId}/{sessionId}', operation: 'createSession', ...create },
  { path: '/create/{accountId}/{sessionId}/{userId}', operation: 'createSessionOfUser', ...create },
  {
    ...{
      path: '/renew/{accountId}/{sessionId}',
      machine: 'renew-session',
      answer: 'Session',
      operation: 'renewSession',
    },
    summary: 'Gives a session new keys. The old ones work until they expire.',
  },
  { path: '/status', operation: 'listSessions', summary: 'Lists the active sessions, without their keys.', ...list },
  {
    ...{ path: '/status/{accountId}', operation: 'listSessionsOfAccount', ...list },
    summary: 'Lists the active sessions of an account, without their keys.',
  },
  {
    ...{ path: '/status/{accountId}/{sessionId}', machine: 'session-status', answer: 'Session' },
    ...{ operation: 'getSession', summary: 'Returns a session while its keys are valid.' },
  },
  {
    ...{ path: '/destroy/{accountId}/{sessionId}', machine: 'destroy-session', answer: 'Destroyed' },
    operation: 'destroySession',
    summary: 'Ends a session: deletes its queue, with the messages in it, and its identity.',
  },
  {
    ...{ path: '/cleanup', machine: 'cleanup', answer: 'Cleanup', operation: 'cleanUp' },
    summary: 'Removes sessions that ended long ago, and queues that no session has. A schedule does the same.',
  },
  {
    ...{ path: '/notify/{accountId}', operation: 'notifyAccount', ...notify },
    summary: 'Sends a message to every session of an account.',
  },
  {
    ...{ path: '/notify/{accountId}/session/{sessionId}', operation: 'notifySession', ...notify },
    summary: 'Sends a message to one session.',
  },
  {
    ...{ path: '/notify/{accountId}/session/{sessionId}/user/{userId}', operation: 'notifySessionOfUser', ...notify },
    summary: 'Sends a message to one session, if it is of that user.',
  },
  {
    ...{ path: '/notify/{accountId}/user/{userId}', operation: 'notifyUser', ...notify },
    summary: 'Sends a message to every session of a user.',
  },
  {
    ...{ path: '/publish', task: 'publish', takes: 'events', answer: 'Published', operation: 'publishEvents' },
    summary: 'Sends up to 500 messages, each to the sessions that it names, and says what became of each.',
  },
];
