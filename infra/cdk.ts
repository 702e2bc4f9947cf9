/** `sqs-browser/cdk`: the construct for CDK apps. */
export { SqsBrowser } from './sqs-browser.ts';
export type { SqsBrowserProps } from './sqs-browser-props.ts';
export type { SqsBrowserAttributes } from './imported-service.ts';
export type { ISqsBrowser } from './service.ts';
export type { ApiLogs, IdentityMode, LoggedRuns, StreamModeName, Traces } from './settings.ts';
export type { AlarmName } from './alarms.ts';
export { ConfigurationError } from './configuration-error.ts';
