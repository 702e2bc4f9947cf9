import { createSqsCall, minSilence, type SqsOwner } from './sqs-call.ts';
import { SqsFailure } from './sqs-failure.ts';
import type { Message } from './types.ts';

export interface Receipt {
  /** SQS's receipt handle, with which a message is deleted or given back. */
  readonly handle: string;
  /** Until when SQS hides the message at least, unless that is prolonged, epoch milliseconds by this machine's clock. */
  readonly hiddenUntil: number;
}

export interface Received extends Receipt {
  readonly message: Message;
}

interface SqsMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

interface BatchAnswer {
  readonly Failed?: readonly { readonly Id: string; readonly SenderFault: boolean }[];
}

export type Sqs = ReturnType<typeof createSqs>;

/** The longest silence that a poll may keep beyond its wait, milliseconds. */
const maxSilence = 60_000;

/** The session's queue. Its calls reject with SqsFailure. */
export const createSqs = (owner: SqsOwner) => {
  const { environment } = owner;
  const { call, now } = createSqsCall(owner);
  /** How long the next poll may stay silent beyond its wait: longer where polls wait for a free connection of the browser. */
  let silence = minSilence;
  /** How many messages the next poll asks for: fewer after one that did not arrive. */
  let maxMessages = 10;
  let poll: AbortController | undefined;

  /**
   * Ten in a call. The calls all go out before this returns, so that a page may close right after. Never rejects, but resolves with
   * those that may do when they are sent again: "you should check for batch errors even when the call returns an HTTP status code
   * of 200", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html.
   */
  const callInTens = async (action: string, receipts: Iterable<Receipt>, extra?: object): Promise<Receipt[]> => {
    const rest = [...receipts];
    const calls = [];
    while (rest.length) {
      const ten = rest.splice(0, 10);
      const entries = ten.map(({ handle }, index) => ({ Id: `${index}`, ReceiptHandle: handle, ...extra }));
      const failedOf = ({ Failed = [] }: BatchAnswer): Receipt[] =>
        ten.filter((_, index) => Failed.some(({ Id, SenderFault }) => Id === `${index}` && !SenderFault));
      calls.push(call(`${action}Batch`, { Entries: entries }).then(failedOf, () => ten));
    }
    return (await Promise.all(calls)).flat();
  };

  return {
    now,

    /**
     * Polls for up to ten messages for `wait` seconds; those that come are hidden from others for `hidden` seconds. Gives up
     * only when nothing arrives: neither the beginning of the answer in time, nor more of it. How long that may take follows
     * from the polls before, since a browser opens six connections to a host and lets other polls wait.
     */
    async receive(wait: number, hidden: number): Promise<readonly Received[]> {
      const control = (poll = new AbortController());
      const started = environment.Date.now();
      let hiddenUntil = 0;
      const onStart = (): void => {
        hiddenUntil = environment.Date.now() + hidden * 1_000;
        const late = environment.Date.now() - started - wait * 1_000;
        silence = Math.min(maxSilence, Math.max(minSilence, silence * 0.9, late * 2));
      };
      const parameters = {
        MaxNumberOfMessages: maxMessages,
        WaitTimeSeconds: wait,
        VisibilityTimeout: hidden,
        MessageAttributeNames: ['All'],
      };
      try {
        const answer = await call('ReceiveMessage', parameters, { silence: wait * 1_000 + silence, onStart, control });
        maxMessages = Math.min(10, maxMessages * 2);
        // What SQS answers is taken as its service model has it.
        const messages = (answer['Messages'] ?? []) as readonly SqsMessage[];
        return messages.map(({ MessageId, ReceiptHandle, Body, MessageAttributes = {} }) => ({
          handle: ReceiptHandle,
          hiddenUntil,
          message: {
            id: MessageAttributes['messageId']?.StringValue ?? MessageId,
            text: Body,
            sentAt: Number(MessageAttributes['sentAt']?.StringValue),
          },
        }));
      } catch (error) {
        if (control.signal.aborted) {
          silence = Math.min(maxSilence, silence * 2);
          maxMessages = Math.ceil(maxMessages / 2);
        }
        throw error;
      }
    },

    /** Gives up the poll that is in flight: for a page that closes, and after the network was away. */
    giveUp: (): void => {
      poll?.abort(new SqsFailure('aborted', 'aborted'));
    },

    /** Deletes messages. Resolves with those that should be deleted again. */
    remove: (receipts: Iterable<Receipt>): Promise<Receipt[]> => callInTens('DeleteMessage', receipts),

    /**
     * Hides messages for so many seconds from now; 0 gives them back at once. A message that was not hidden any longer, or not
     * given back, is delivered again after its visibility timeout.
     */
    hide: (receipts: Iterable<Receipt>, seconds: number): Promise<unknown> =>
      callInTens('ChangeMessageVisibility', receipts, { VisibilityTimeout: seconds }),
  };
};
