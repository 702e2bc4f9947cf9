import { leavePoll, takePoll, type Poll } from './in-flight.ts';
import { isOnline } from './page.ts';
import type { Receipts } from './receipts.ts';
import { renew, type RenewalOwner } from './renewal.ts';
import type { Received, Sqs } from './sqs.ts';
import { SqsFailure } from './sqs-failure.ts';
import { createTimer } from './timer.ts';
import { failuresIn } from './state.ts';
import type { Reasons, State } from './types.ts';

/** The shortest time between polls that bring nothing, milliseconds. */
const minPollInterval = 1_000;
/**
 * After how many failures in a row the backend is asked about a queue that SQS does not know. "After you create a queue, you must wait
 * at least one second": https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
const maxUnknown = 2;
/** How often a poll function is asked again while paused, milliseconds. */
const policyInterval = 5_000;

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

/** A poll failed, or a function that was asked before it. */
const handleError =
  (owner: PollerOwner) =>
  (error: unknown): void => {
    const kind = error instanceof SqsFailure ? error.kind : 'error';
    if (!owner.isLeading || kind === 'aborted') return;
    if (kind !== 'keys-refused' && kind !== 'queue-gone') {
      owner.dispatch('waiting', kind === 'network' && !isOnline(owner.environment) ? 'offline' : kind, String(error));
    } else if (owner.credentials.mayRenew() && (kind === 'keys-refused' || failuresIn(owner.state) >= maxUnknown)) {
      owner.dispatch('renewing', kind);
    } else {
      owner.dispatch('waiting', kind === 'queue-gone' ? 'no-queue' : 'refused', String(error));
    }
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
    if (adopted) owner.dispatch('polling', 'listening');
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
      owner.dispatch('polling', 'listening');
      owner.onReceived(messages);
      const isEarly = environment.Date.now() - started < minPollInterval;
      if (isLong && !messages.length && isEarly) await wait(minPollInterval);
    } finally {
      if (inFlight === mine) inFlight = undefined;
    }
  };

  /** Handlers take their time: what they work on stays hidden. */
  const waitForHandlers = async (): Promise<void> => {
    await wait(Math.max(0, receipts.extendIn()));
    if (!receipts.total() || !owner.isLeading || receipts.extendIn() > 0) return;
    receipts.extend();
    owner.dispatch('waiting', 'handler', `${receipts.total()} messages`);
  };

  /** Acts once, and resolves when it is time to look again. */
  const act = async (): Promise<void> => {
    const { state } = owner;
    const left = state.status === 'waiting' ? Math.max(0, state.until - environment.Date.now()) : 0;
    if (state.status === 'renewing') await renew(owner, state);
    else if (left && /renew-failed|error/.test(state.reason)) await wait(left);
    else if (state.status === 'waiting' && state.renewing) owner.dispatch('renewing', state.renewing);
    else if (!credentials.dueIn()) owner.dispatch('renewing', 'expiring');
    else await receive(state, left);
  };

  /** As `act`, where nothing is to be done about the credentials. @param left milliseconds until it is time to try again. */
  const receive = async (state: State, left: number): Promise<void> => {
    const pause = owner.pauseReason();
    if (pause) {
      owner.dispatch('paused', pause);
      await wait(Math.min(credentials.dueIn(), policyInterval));
    } else if (receipts.total()) {
      await waitForHandlers();
    } else if (areHandlersFull()) {
      owner.dispatch('waiting', 'handler', 'Handlers fail');
      await wait(minPollInterval);
    } else if (state.status === 'paused') {
      owner.dispatch('connecting', 'resumed');
    } else if (state.reason === 'handler') {
      owner.dispatch('polling', 'listening');
    } else if (left) {
      await wait(left);
    } else {
      await receipts.deleteInTime();
      if (owner.isLeading) await poll();
    }
  };

  return {
    /** Looks again at everything that decides what to do. */
    wake,

    /** Begins to act; does nothing if it does already. */
    async run(): Promise<void> {
      if (isRunning) return;
      isRunning = true;
      while (owner.isLeading) await act().catch(handleError(owner));
      isRunning = false;
    },

    /** Leaves the poll that is open to the next connection of this page. */
    leave(): void {
      const queue = credentials.session().sqsUrl;
      if (inFlight) leavePoll({ environment, queue, poll: inFlight }, (messages) => void sqs.hide(messages, 0));
      inFlight = undefined;
    },
  };
};
