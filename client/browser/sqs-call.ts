import { membersOf, type JsonObject } from '../shared/json.ts';
import type { SessionCredentials } from './credentials.ts';
import type { Environment } from './environment.ts';
import { readText } from './read-text.ts';
import { regionOf } from './region.ts';
import { authorization } from './sign.ts';
import { failureKind, SqsFailure } from './sqs-failure.ts';
import { createTimer } from './timer.ts';
import type { ConnectOptions } from './types.ts';

export interface SqsOwner {
  readonly environment: Environment;
  readonly options: ConnectOptions;
  readonly credentials: SessionCredentials;
}

export interface CallOptions {
  /** After how many milliseconds without the beginning of an answer to give up. Default 5,000. */
  readonly silence?: number;
  /** The answer begins. */
  readonly onStart?: () => void;
  readonly control?: AbortController;
}

/** How long an answer that began may pause, milliseconds; also how long it may take to begin where nothing is waited for. */
export const minSilence = 5_000;
/** By how much two clocks may differ before it counts, milliseconds. SQS refuses signatures that are 15 minutes off. */
const maxClockSkew = 60_000;

export type SqsCall = (action: string, parameters: object, options?: CallOptions) => Promise<JsonObject>;

/** Calls SQS by its JSON protocol, signed by the clock of SQS. Calls reject with SqsFailure. */
export const createSqsCall = (owner: SqsOwner) => {
  const { environment, options } = owner;
  /** What this machine's clock is behind SQS's, milliseconds. */
  let offset = 0;
  const now = (): number => environment.Date.now() + offset;

  const send = (action: string, parameters: object, signal: AbortSignal): Promise<Response> => {
    const session = owner.credentials.session();
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
    return environment.fetch(`${origin}/`, {
      method: 'POST',
      headers: { ...signed, authorization: authorization(signed, body, options.region ?? regionOf(host), session) },
      body,
      // A poll ends with the page; other calls outlive it.
      keepalive: action !== 'ReceiveMessage',
      signal,
    });
  };

  const call: SqsCall = async (
    action,
    parameters,
    { silence = minSilence, onStart, control = new AbortController() } = {},
  ) => {
    let isOver = false;
    const deadline = createTimer(environment);
    void deadline.wait(silence).then(() => {
      if (!isOver) control.abort(new SqsFailure('network', `Nothing came for ${silence} ms`));
    });
    try {
      const response = await send(action, parameters, control.signal);
      onStart?.();
      const text = await readText(response, () => {
        deadline.prolong(minSilence);
      });
      if (response.ok) return membersOf(JSON.parse(text));
      // SQS quotes the request when a signature does not match.
      const detail = text.replaceAll(owner.credentials.session().sessionToken, '…').slice(0, 500);
      // AWS lets pages read it: https://github.com/AllanZhengYP/cors-test. Its SDKs correct their clock by it too.
      const time = Date.parse(response.headers.get('date') ?? '');
      let kind = failureKind(response.status, text);
      if (kind === 'keys-refused' && Math.abs(time - now()) > maxClockSkew) {
        offset = time - environment.Date.now();
        owner.credentials.plan();
        kind = 'aborted';
      }
      throw new SqsFailure(kind, `${response.status} ${detail}`);
    } catch (thrown) {
      const error: unknown = control.signal.reason ?? thrown;
      options.debug?.(`${action} failed`, String(error));
      throw error instanceof SqsFailure ? error : new SqsFailure('network', String(error));
    } finally {
      isOver = true;
      deadline.wake();
    }
  };

  /** `now` returns epoch milliseconds by SQS's clock, or by this machine's as long as SQS has not told. */
  return { call, now };
};
