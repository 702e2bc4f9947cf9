export { fullJitter, type BackoffOptions, type RetryPolicy } from '../shared/backoff.ts';
export { BackendClient } from './backend-client.ts';
export type { CredentialProvider, Credentials } from './credentials.ts';
export {
  AccessDenied,
  ConnectionFailed,
  InvalidRequest,
  MessageTooLarge,
  NoCredentials,
  NotFound,
  PublishFailed,
  SessionConflict,
  SessionNotFound,
  SqsBrowserError,
  Throttled,
  TimedOut,
  UnexpectedAnswer,
  UnsupportedMediaType,
  UpstreamFailed,
  type ErrorDetails,
} from './errors.ts';
export type { Message, Published } from './messages.ts';
export type { ListOptions, SessionList, SessionPage } from './session-list.ts';
export {
  forBrowser,
  type BrowserSession,
  type ListedSession,
  type NewSession,
  type Notified,
  type Session,
  type SessionKey,
} from './sessions.ts';
export type {
  BackendEnvironment,
  BackendOptions,
  CallOptions,
  NotifyOptions,
  PublishOptions,
  Recipients,
} from './types.ts';
