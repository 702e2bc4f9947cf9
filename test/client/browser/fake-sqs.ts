import * as z from 'zod/mini';
import type { Session } from '../../../client/browser/connect.ts';
import { authorization as sign } from '../../../client/browser/sign.ts';
import type { FakeClock } from './fake-clock.ts';

interface Stored {
  readonly MessageId: string;
  readonly Body: string;
  readonly MessageAttributes: Record<string, { DataType: string; StringValue: string }>;
  visibleAt: number;
  receipt: string;
}

interface Call {
  readonly action: string;
  readonly parameters: Record<string, unknown>;
  readonly accessKey: string;
  readonly keepalive: boolean;
  readonly time: number;
}

const parametersSchema = z.record(z.string(), z.unknown());

const receiveSchema = z.object({ WaitTimeSeconds: z.number(), VisibilityTimeout: z.number() });

const entriesSchema = z.array(
  z.object({ Id: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: z.optional(z.number()) }),
);

const host = 'sqs.eu-west-1.amazonaws.com';

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

const hang = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('The operation was aborted', 'AbortError'));
    });
  });

const basic = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');

/** A queue and the keys that open it, as far as the client needs them.  */
export class FakeSqs {
  readonly url = `https://${host}/000000000000/browser-0f`;
  readonly calls: Call[] = [];
  readonly stored: Stored[] = [];
  /** The polls in flight, each with what ends its wait. */
  readonly polls = new Set<() => void>();
  mostPolls = 0;
  /** Answers instead of the queue, once each, in order; a rejected promise is a broken network. */
  readonly faults: ((action: string) => Response | Error | 'hangs' | undefined)[] = [];
  /** What the server's clock is ahead of the machine's. */
  ahead = 0;
  gone = false;
  readonly #secrets = new Map<string, { secret: string; expires: number }>();
  readonly #clock: FakeClock;
  #count = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.ahead;
  }

  /** A session with new keys, which live for so many seconds. */
  session(lifetime = 4 * 3600): Session {
    const accessKey = `ASIA${++this.#count}`;
    const secretKey = `secret-${this.#count}`;
    const expires = Math.floor(this.now() / 1000) + lifetime;
    this.#secrets.set(accessKey, { secret: secretKey, expires });
    const keys = { accessKey, secretKey, sessionToken: `token-${this.#count}`, expires };
    return { accountId: 12345, sessionId: 'abc', sqsUrl: this.url, ...keys };
  }

  /** Makes all keys given out so far useless. */
  revoke(): void {
    this.#secrets.clear();
  }

  send(body: string | object, id = `m${++this.#count}`): string {
    const StringValue = String(this.now());
    this.stored.push({
      MessageId: `sqs-${id}`,
      Body: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: {
        messageId: { DataType: 'String', StringValue: id },
        sentAt: { DataType: 'Number', StringValue },
      },
      visibleAt: 0,
      receipt: '',
    });
    for (const wake of [...this.polls]) wake();
    return id;
  }

  count(action: string): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  readonly fetch = async (_: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const action = headers.get('x-amz-target')?.replace('AmazonSQS.', '') ?? '';
    const { body } = init;
    if (typeof body !== 'string') throw new Error('The body is not a text');
    const parameters = parametersSchema.parse(JSON.parse(body));
    const accessKey = /Credential=([^/]+)/.exec(headers.get('authorization') ?? '')?.[1] ?? '';
    const call = { action, parameters, accessKey, keepalive: init.keepalive ?? false, time: this.#clock.now() };
    this.calls.push(call);
    const fault = this.faults.shift()?.(action);
    if (fault instanceof Error) throw fault;
    if (fault === 'hangs') return hang(init.signal);
    return fault ?? this.#refusal(headers, body) ?? this.#answer(call, init.signal);
  };

  #refusal(headers: Headers, body: string): Response | undefined {
    const date = headers.get('x-amz-date') ?? '';
    const signedAt = Date.parse(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
    const authorization = headers.get('authorization') ?? '';
    const accessKey = /Credential=([^/]+)/.exec(authorization)?.[1] ?? '';
    const keys = this.#secrets.get(accessKey);
    if (!keys)
      return this.refuse(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    if (Math.abs(signedAt - this.now()) > 15 * 60_000) {
      const text = `Signature expired: ${date} is now earlier than x (${basic(this.now())} - 15 min.)`;
      return this.refuse(403, 'InvalidSignatureException', text);
    }
    const [, ...signed] = [...headers];
    const keysOf = { accessKey, secretKey: keys.secret, sessionToken: '' };
    const right = sign(Object.fromEntries(signed) as Parameters<typeof sign>[0], body, 'eu-west-1', keysOf);
    if (right !== authorization) return this.refuse(403, 'SignatureDoesNotMatch', 'Signature?');
    if (keys.expires * 1000 < this.now()) return this.refuse(403, 'ExpiredTokenException', 'The token is expired');
    if (this.gone) return this.refuse(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
    return undefined;
  }

  refuse(status: number, code: string, message: string): Response {
    return json(status, { __type: `com.amazonaws.sqs#${code}`, message }, this.#dated());
  }

  #dated(): Record<string, string> {
    return { date: new Date(this.now()).toUTCString() };
  }

  async #answer({ action, parameters }: Call, signal: AbortSignal | null | undefined): Promise<Response> {
    if (action === 'ReceiveMessage')
      return json(200, await this.#receive(parameters, signal ?? undefined), this.#dated());
    const entries = entriesSchema.parse(parameters['Entries']);
    if (entries.length > 10) return this.refuse(400, 'TooManyEntriesInBatchRequest', 'Ten');
    for (const { ReceiptHandle, VisibilityTimeout } of entries) {
      const index = this.stored.findIndex(({ receipt }) => receipt === ReceiptHandle);
      const message = this.stored[index];
      if (!message) continue;
      if (VisibilityTimeout === undefined) this.stored.splice(index, 1);
      else message.visibleAt = this.#clock.now() + VisibilityTimeout * 1000;
    }
    for (const wake of [...this.polls]) wake();
    return json(200, { Successful: entries.map(({ Id }) => ({ Id })) }, this.#dated());
  }

  async #receive(parameters: Record<string, unknown>, signal?: AbortSignal): Promise<object> {
    const { WaitTimeSeconds, VisibilityTimeout } = receiveSchema.parse(parameters);
    const end = this.#clock.now() + WaitTimeSeconds * 1000;
    for (;;) {
      const now = this.#clock.now();
      const ready = this.stored.filter(({ visibleAt }) => visibleAt <= now).slice(0, 10);
      for (const message of ready) {
        message.visibleAt = now + VisibilityTimeout * 1000;
        message.receipt = `${message.MessageId}-${++this.#count}`;
      }
      if (ready.length) {
        return { Messages: ready.map(({ receipt, ...message }) => ({ ...message, ReceiptHandle: receipt })) };
      }
      if (now >= end) return {};
      const next = Math.min(end, ...this.stored.map(({ visibleAt }) => visibleAt));
      await this.#wait(next - now, signal);
    }
  }

  async #wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        this.polls.delete(done);
        this.#clock.clearTimeout(timer);
        resolve();
      };
      const timer = this.#clock.setTimeout(done, milliseconds);
      this.polls.add(done);
      this.mostPolls = Math.max(this.mostPolls, this.polls.size);
      signal?.addEventListener('abort', () => {
        this.polls.delete(done);
        this.#clock.clearTimeout(timer);
        reject(new DOMException('The operation was aborted', 'AbortError'));
      });
    });
  }
}
