import { leavePoll, takePoll, type Poll } from './in-flight.ts';
import { isOnline } from './page.ts';
import type { Receipts } from './receipts.ts';
import { renew, type RenewalOwner } from './renewal.ts';
import type { Received, Sqs } from './sqs.ts';
import type { FailureKind } from './sqs-failure.ts';
import { createTimer } from './timer.ts';
import type { Reasons, State } from './types.ts';

/** The shortest time between polls that bring nothing, milliseconds. */
const minPollInterval = 1_000;
/** How often a poll function is asked again while paused, milliseconds. */
const policyInterval = 5_000;

const listening = { status: 'polling', reason: 'listening' } as const;

export interface PollerOwner extends RenewalOwner {
  readonly sqs: Sqs;
  readonly receipts: Receipts;
  readonly state: State;
  /** Whether this tab is to poll, and go on polling. */
  readonly isLeading: boolean;
  /** Why nothing should be polled, if so. */
  pauseReason(): Reasons['paused'] | undefined;
  onReceived(messages: readonly Received[]): void;
}

/** Milliseconds until it is time to try again. */
const timeLeft = ({ state, environment }: PollerOwner): number =>
  state.status === 'waiting' ? Math.max(0, state.until - environment.Date.now()) : 0;

/** A poll failed, or a function that was asked before it. */
const handleError = (owner: PollerOwner, error: unknown): void => {
  const { kind = 'error' } = Object(error) as { readonly kind?: FailureKind };
  if (!owner.isLeading || kind === 'aborted') return;
  const isRefusal = kind === 'keys-refused' || kind === 'queue-gone';
  if (isRefusal && owner.credentials.mayRenew()) {
    owner.dispatch({ status: 'renewing', reason: kind });
  } else {
    const other: Reasons['waiting'] = kind === 'queue-gone' ? 'no-queue' : 'refused';
    const reason = isRefusal ? other : kind === 'network' && !isOnline(owner.environment) ? 'offline' : kind;
    owner.dispatch({ status: 'waiting', reason, detail: String(error) });
  }
};

/** Handlers take their time: what they work on stays hidden. */
const extendHiding = (owner: PollerOwner): void => {
  const { receipts } = owner;
  if (!receipts.count() || !owner.isLeading || receipts.extendIn() > 0) return;
  receipts.extend();
  owner.dispatch({ status: 'waiting', reason: 'handler', detail: `${receipts.count()} messages` });
};

/**
 * Acts as the state says, as long as this tab leads: polls, waits, or renews the credentials. One thing at a time.
 * @param areHandlersFull whether so many handlers fail that no more messages should come.
 */
export const createPoller = (owner: PollerOwner, areHandlersFull: () => boolean) => {
  const { environment, sqs, credentials, receipts } = owner;
  const { waitTime = 20, visibilityTimeout = 5 } = owner.options;
  const { wait, wake } = createTimer(environment);
  let isRunning = false;
  let inFlight: Poll | undefined;

  /** Polls once. Only a connection that works waits for messages, so that the first answer tells soon. */
  const poll = async (): Promise<void> => {
    const started = environment.Date.now();
    const adopted = takePoll(environment, credentials.session().sqsUrl);
    if (adopted) owner.dispatch(listening);
    const isLong = owner.state.status === 'polling';
    const mine = (inFlight = adopted ?? sqs.receive(isLong ? waitTime : 0, visibilityTimeout));
    try {
      const messages = await mine;
      // A poll that was left to another connection is no longer this one's.
      if (inFlight !== mine) return;
      if (!owner.isLeading) {
        // Another tab took over meanwhile.
        await sqs.hide(messages, 0);
        return;
      }
      owner.dispatch(listening);
      owner.onReceived(messages);
      const isEarly = environment.Date.now() - started < minPollInterval;
      if (isLong && !messages.length && isEarly) await wait(minPollInterval);
    } finally {
      if (inFlight === mine) inFlight = undefined;
    }
  };

  /** Acts once for what is about the credentials, or about a function that threw. Returns whether there was something. */
  const actFirst = async (): Promise<boolean> => {
    const { state } = owner;
    const isStuck = state.reason === 'renew-failed' || state.reason === 'error';
    if (state.status === 'renewing') await renew(owner, state);
    else if (isStuck && timeLeft(owner)) await wait(timeLeft(owner));
    else if (state.status === 'waiting' && state.renewing)
      owner.dispatch({ status: 'renewing', reason: state.renewing });
    else if (!credentials.dueIn()) owner.dispatch({ status: 'renewing', reason: 'expiring' });
    else return false;
    return true;
  };

  /** Acts once, and resolves when it is time to look again. */
  const act = async (): Promise<void> => {
    if (await actFirst()) return;
    const pause = owner.pauseReason();
    if (pause) {
      owner.dispatch({ status: 'paused', reason: pause });
      await wait(Math.min(credentials.dueIn(), policyInterval));
    } else if (receipts.count()) {
      await wait(Math.max(0, receipts.extendIn()));
      extendHiding(owner);
    } else if (areHandlersFull()) {
      owner.dispatch({ status: 'waiting', reason: 'handler', detail: 'Handlers fail' });
      await wait(minPollInterval);
    } else if (owner.state.status === 'paused') {
      owner.dispatch({ status: 'connecting', reason: 'resumed' });
    } else if (owner.state.reason === 'handler') {
      owner.dispatch(listening);
    } else if (timeLeft(owner)) {
      await wait(timeLeft(owner));
    } else {
      await poll();
    }
  };

  return {
    /** Looks again at everything that decides what to do. */
    wake,

    /** Begins to act; does nothing if it does already. */
    async run(): Promise<void> {
      if (isRunning) return;
      isRunning = true;
      while (owner.isLeading) {
        await act().catch((error: unknown) => {
          handleError(owner, error);
        });
      }
      isRunning = false;
    },

    /** Leaves the poll that is open to the next connection of this page. */
    leave(): void {
      if (!inFlight) return;
      const release = (messages: readonly Received[]): void => void sqs.hide(messages, 0);
      leavePoll(environment, credentials.session().sqsUrl, { poll: inFlight, release });
      inFlight = undefined;
    },
  };
};
