import { createDeadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import type { Log } from './log.ts';
import { readText } from './read-text.ts';
import { regionOf } from './region.ts';
import { authorization } from './sign.ts';
import { failureKind, sqsFailure, timeInAnswer } from './sqs-failure.ts';
import type { Session } from './types.ts';

export interface SqsOwner {
  readonly environment: Environment;
  readonly log: Log;
  session(): Session;
  /** The time of SQS has become known, and differs from this machine's. */
  onClock(): void;
}

export interface CallOptions {
  /** After how many milliseconds without the beginning of an answer to give up. */
  readonly silence: number;
  /** The answer begins. */
  readonly onStart?: () => void;
  readonly control?: AbortController;
}

/** How long an answer that began may pause, milliseconds; also how long it may take to begin where nothing is waited for. */
export const minSilence = 5_000;
/** By how much two clocks may differ before it counts, milliseconds. SQS refuses signatures that are 15 minutes off. */
const clockTolerance = 60_000;

export type SqsCall = (action: string, parameters: object, options: CallOptions) => Promise<unknown>;

/** Calls SQS by its JSON protocol, signed by the clock of SQS. Calls reject with SqsFailure. */
export const createSqsCall = (owner: SqsOwner, region: string | undefined) => {
  const { environment } = owner;
  /** What this machine's clock is behind SQS's, milliseconds. */
  let offset = 0;
  const now = (): number => environment.Date.now() + offset;

  const send = async (action: string, parameters: object, options: CallOptions): Promise<Response> => {
    const session = owner.session();
    const { origin, host } = new URL(session.sqsUrl);
    const body = JSON.stringify({ QueueUrl: session.sqsUrl, ...parameters });
    const signed = {
      'content-type': 'application/x-amz-json-1.0',
      // Browsers set it themselves, to the same.
      host,
      'x-amz-date': new Date(now()).toISOString().replace(/[:-]|\.\d+/g, ''),
      'x-amz-security-token': session.sessionToken,
      'x-amz-target': `AmazonSQS.${action}`,
    };
    const { control } = options;
    return environment.fetch(`${origin}/`, {
      method: 'POST',
      headers: { ...signed, authorization: authorization(signed, body, region ?? regionOf(host), session) },
      body,
      // A poll ends with the page; other calls outlive it.
      keepalive: action !== 'ReceiveMessage',
      ...(control && { signal: control.signal }),
    });
  };

  const attempt = async (action: string, parameters: object, options: CallOptions): Promise<unknown> => {
    const control = options.control ?? new AbortController();
    let failure: string | undefined;
    const deadline = createDeadline(environment, options.silence, () => {
      failure = `Nothing arrived for ${Math.round(options.silence / 1_000)} s`;
      control.abort();
    });
    try {
      const response = await send(action, parameters, { ...options, control });
      options.onStart?.();
      const text = await readText(response, () => {
        deadline.move(minSilence);
      });
      if (response.ok) return JSON.parse(text) as unknown;
      // SQS quotes the request when a signature does not match.
      const detail = text.replaceAll(owner.session().sessionToken, '…').slice(0, 500);
      const time = timeInAnswer(response.headers.get('date'), text);
      const kind = failureKind(response.status, text);
      const isClockWrong = kind === 'keys-refused' && Math.abs(time - now()) > clockTolerance;
      if (isClockWrong) offset = time - environment.Date.now();
      throw Object.assign(sqsFailure(kind, `${response.status} ${detail}`), { isClockWrong });
    } catch (error) {
      if (error instanceof Error && 'kind' in error) throw error;
      if (control.signal.aborted && !failure) throw sqsFailure('aborted', 'The poll was given up');
      throw sqsFailure('network', failure ?? String(error));
    } finally {
      deadline.stop();
    }
  };

  const call: SqsCall = async (action, parameters, options) => {
    try {
      return await attempt(action, parameters, options);
    } catch (error) {
      owner.log(`${action} failed`, String(error));
      if (!(error as { readonly isClockWrong?: boolean }).isClockWrong) throw error;
      owner.onClock();
      return attempt(action, parameters, options);
    }
  };

  /** `now` returns epoch milliseconds by SQS's clock, or by this machine's as long as SQS has not told. */
  return { call, now };
};
