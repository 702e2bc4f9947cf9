import type { Environment } from './environment.ts';
import { authorization } from './sign.ts';
import type { Message, Session } from './types.ts';

/** What a failed call means for whoever polls. */
export type FailureKind = 'clock' | 'keys-refused' | 'queue-gone' | 'server' | 'throttled' | 'refused';

/** An error without a kind is the network's. */
export interface CallFailure extends Error {
  readonly kind?: FailureKind;
}

export interface Receipt {
  /** With this a message is deleted or given back. */
  readonly handle: string;
}

export interface Received extends Message, Receipt {}

interface SqsMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

export type Sqs = ReturnType<typeof createSqs>;

/** How long an answer may take beyond the wait that was asked for, milliseconds. */
const patience = 5_000;

/** The session's queue: SQS's JSON protocol, signed by the clock of SQS. Calls reject with CallFailure. */
export const createSqs = (environment: Environment, region: string | undefined, session: () => Session) => {
  /** What this machine's clock is behind SQS's, milliseconds. */
  let offset = 0;
  let poll: AbortController | undefined;
  const here = (): number => environment.Date.now();
  const now = (): number => here() + offset;

  /** What a refusal says the time is, by its header where that can be read, else by its text; NaN if it does not say. */
  const timeOf = (date: string | null, text: string): number => {
    const told = /\((.{15}Z) [-+]/.exec(text)?.[1]?.replace(/(....)(..)(.{5})(..)/, '$1-$2-$3:$4:');
    return Date.parse(date ?? told ?? '');
  };

  /** Without a signal, the call outlives the page. */
  const call = async (action: string, parameters: object, signal?: AbortSignal): Promise<unknown> => {
    const keys = session();
    const { origin, host } = new URL(keys.sqsUrl);
    const place = region ?? /[a-z]{2}(-[a-z]+)+-\d/.exec(host)?.[0] ?? 'us-east-1';
    const body = JSON.stringify({ QueueUrl: keys.sqsUrl, ...parameters });
    const signed = {
      'content-type': 'application/x-amz-json-1.0',
      // Browsers set it themselves, to the same.
      host,
      'x-amz-date': new Date(now()).toISOString().replace(/[:-]|\.\d+/g, ''),
      'x-amz-security-token': keys.sessionToken,
      'x-amz-target': `AmazonSQS.${action}`,
    };
    const response = await environment.fetch(`${origin}/`, {
      method: 'POST',
      headers: { ...signed, authorization: authorization(signed, body, place, keys) },
      body,
      ...(signal ? { signal } : { keepalive: true }),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    const time = timeOf(response.headers.get('date'), text);
    const kind = Math.abs(time - now()) > 60_000 ? 'clock' : kindOf(response.status, text);
    if (time) offset = time - here();
    throw Object.assign(new Error(`${response.status} ${text.slice(0, 500)}`), { kind });
  };

  /** Ten in a call. The calls all go out before this returns, so that a page may close right after. */
  const inTens = (action: string, receipts: Iterable<Receipt>, extra?: object): Promise<unknown> => {
    const entries = Array.from(receipts, ({ handle }, index) => ({ Id: `${index}`, ReceiptHandle: handle, ...extra }));
    const calls = [];
    while (entries.length) calls.push(call(`${action}Batch`, { Entries: entries.splice(0, 10) }));
    return Promise.all(calls);
  };

  return {
    /** Epoch milliseconds by SQS's clock, or by this machine's as long as SQS has not told. */
    now,

    /**
     * Polls for up to ten messages for `wait` seconds; those that come are hidden from others for `hidden` seconds. Gives
     * up when no answer comes in time. That is looked at every five seconds rather than with one timer: timers stand still
     * while a machine sleeps, and the answer that was awaited before will not come after.
     */
    async receive(wait: number, hidden: number): Promise<readonly Received[]> {
      const control = (poll = new AbortController());
      const limit = here() + wait * 1_000 + patience;
      let timer: unknown;
      const watch = (): void => {
        if (here() < limit) timer = environment.setTimeout(watch, patience);
        else control.abort();
      };
      watch();
      const parameters = {
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: wait,
        VisibilityTimeout: hidden,
        MessageAttributeNames: ['All'],
      };
      try {
        const answer = await call('ReceiveMessage', parameters, control.signal);
        const { Messages = [] } = answer as { Messages?: readonly SqsMessage[] };
        return Messages.map(({ MessageId, ReceiptHandle, Body, MessageAttributes = {} }) => ({
          id: MessageAttributes['messageId']?.StringValue ?? MessageId,
          sentAt: Number(MessageAttributes['sentAt']?.StringValue),
          text: Body,
          handle: ReceiptHandle,
        }));
      } finally {
        environment.clearTimeout(timer);
      }
    },

    /** Gives up the poll that is in flight: only for a page that closes. */
    abort: (): void => {
      poll?.abort();
    },

    /** Deletes messages. */
    remove: (receipts: Iterable<Receipt>): Promise<unknown> => inTens('DeleteMessage', receipts),

    /**
     * Hides messages for so many seconds from now; 0 gives them back at once. Never rejects: what was not hidden any
     * longer, or not given back, comes again by itself.
     */
    hide: (receipts: Iterable<Receipt>, seconds: number): Promise<unknown> =>
      inTens('ChangeMessageVisibility', receipts, { VisibilityTimeout: seconds }).catch(() => undefined),
  };
};

const kindOf = (status: number, text: string): FailureKind => {
  if (/QueueDoesNotExist|NonExistentQueue/.test(text)) return 'queue-gone';
  if (status === 403 || /Signature|Denied|Token|Security/.test(text)) return 'keys-refused';
  if (status === 429 || /Throttl|OverLimit/.test(text)) return 'throttled';
  return status < 500 ? 'refused' : 'server';
};
