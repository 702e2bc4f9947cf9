export { fullJitter, type BackoffOptions, type RetryPolicy } from '../browser/backoff.ts';
export { BackendClient } from './backend-client.ts';
export type { CredentialProvider, Credentials } from './credentials.ts';
export * from './errors.ts';
export type { Message, Published } from './messages.ts';
export type { ListOptions, SessionList, SessionPage } from './session-list.ts';
export * from './sessions.ts';
export type {
  Addressees,
  BackendOptions,
  BackendEnvironment,
  CallOptions,
  NotifyOptions,
  PublishOptions,
} from './types.ts';
