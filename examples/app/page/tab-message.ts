/** What the screen and its small tabs tell each other, in windows of the same origin. */
import type { Session } from 'sqs-browser/client';

/** From a tab that is ready for its session, and later how it does. */
export interface TabStatus {
  readonly type: 'tab-status';
  readonly polls: boolean;
  /** How many requests it has made to SQS. */
  readonly requests: number;
  readonly events: number;
}

/** To a tab: the session that it is to share, or none while the person sleeps. */
export interface TabSession {
  readonly type: 'tab-session';
  readonly session: Session | undefined;
}

type TabMessage = TabStatus | TabSession;

export const post = (target: Window, message: TabMessage): void => {
  target.postMessage(message, location.origin);
};

const isOfType = <Type extends TabMessage['type']>(
  message: Partial<TabMessage> | null,
  type: Type,
): message is Extract<TabMessage, { readonly type: Type }> => message?.type === type;

/** Calls back with each message of that type which comes from a window of this origin. */
export const onMessage = <Type extends TabMessage['type']>(
  type: Type,
  listener: (message: Extract<TabMessage, { readonly type: Type }>, source: MessageEventSource | null) => void,
): void => {
  addEventListener('message', ({ origin, source, data }: MessageEvent<Partial<TabMessage> | null>) => {
    if (origin === location.origin && isOfType(data, type)) listener(data, source);
  });
};
