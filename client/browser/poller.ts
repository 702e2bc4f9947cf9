import { isOnline } from './page.ts';
import { createNap } from './nap.ts';
import type { Receipts } from './receipts.ts';
import { createRenewal, type RenewalOwner } from './renewal.ts';
import type { CallFailure, Received, Sqs } from './sqs.ts';
import type { ConnectOptions, Reasons, State } from './types.ts';

/** The shortest time between polls that bring nothing, milliseconds. */
const breath = 1_000;
/** How often a pause function is asked again, milliseconds. */
const reconsider = 5_000;

export interface PollerOwner extends RenewalOwner {
  readonly sqs: Sqs;
  readonly receipts: Receipts;
  readonly options: ConnectOptions;
  /** Whether this tab is to poll, and go on polling. */
  readonly isLeading: boolean;
  readonly state: State;
  /** Why nothing should be polled, if so. */
  pause(): Reasons['paused'] | undefined;
  onMessages(messages: readonly Received[]): void;
}

/** Polls the queue as long as this tab leads, one poll at a time. */
export const createPoller = (owner: PollerOwner) => {
  const { environment, sqs, keys, receipts } = owner;
  const { waitTime = 20, visibilityTimeout = 5 } = owner.options;
  const { sleep, wake, waitAfter } = createNap(owner);
  const renew = createRenewal(owner, waitAfter);
  let running = false;
  /** Failed polls in a row. */
  let failures = 0;
  /** Whether the last answer was good. If not, the next poll does not wait for messages, so that its answer tells soon. */
  let sound = false;
  let renewal: Reasons['renewing'] | undefined;
  /** The queue that was said to be gone. */
  let goneUrl: string | undefined;

  const poll = async (): Promise<void> => {
    const started = environment.Date.now();
    const isLong = sound;
    const messages = await sqs.receive(isLong ? waitTime : 0, visibilityTimeout);
    if (!owner.isLeading) {
      // Another tab took over meanwhile.
      await sqs.hide(messages, 0);
      return;
    }
    sound = true;
    failures = 0;
    goneUrl = undefined;
    owner.setState({ status: 'polling', reason: 'listening' });
    owner.onMessages(messages);
    if (isLong && !messages.length && environment.Date.now() - started < breath) await sleep(breath);
  };

  /** Handlers take their time: what they work on stays hidden. */
  const waitForHandlers = async (): Promise<void> => {
    await sleep(receipts.halfTime());
    const count = receipts.count();
    if (!count || !owner.isLeading) return;
    receipts.extend();
    owner.setState({ status: 'waiting', reason: 'handler', detail: `${count} messages`, attempt: 1, until: Infinity });
  };

  const cope = async (error: CallFailure): Promise<void> => {
    if (!owner.isLeading) return;
    const { kind = isOnline(environment) ? 'network' : 'offline' } = error;
    const { sqsUrl } = keys.session();
    sound = false;
    failures++;
    if (kind === 'queue-gone') {
      if (goneUrl === sqsUrl) owner.setState({ status: 'ended', reason: 'session-gone' });
      goneUrl = sqsUrl;
      renewal = kind;
    } else if (kind === 'keys-refused' || kind === 'clock') {
      if (failures > 2) await waitAfter('refused', error, failures);
      if (kind === 'clock') keys.plan();
      else renewal = kind;
    } else {
      await waitAfter(kind, error, failures);
    }
  };

  const step = async (): Promise<void> => {
    const reason = owner.pause();
    if (!keys.dueIn()) renewal ??= 'expiring';
    if (renewal) {
      if (await renew(renewal)) renewal = undefined;
      if (goneUrl === keys.session().sqsUrl) await sleep(breath);
    } else if (reason) {
      sound = false;
      failures = 0;
      owner.setState({ status: 'paused', reason });
      await sleep(Math.min(keys.dueIn(), reconsider));
    } else if (receipts.count()) {
      await waitForHandlers();
    } else {
      if (owner.state.status === 'paused') owner.setState({ status: 'connecting', reason: 'resumed' });
      if (sound) owner.setState({ status: 'polling', reason: 'listening' });
      await poll();
    }
  };

  return {
    /** Looks again at everything that decides whether to poll. */
    wake,

    /** Begins to poll; does nothing if it does already. */
    async run(): Promise<void> {
      if (running) return;
      running = true;
      while (owner.isLeading) await step().catch(cope);
      running = false;
    },
  };
};
