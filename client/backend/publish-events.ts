import { isJsonObject, type JsonObject } from '../shared/json.ts';
import { publishLimits } from '../shared/publish.ts';
import { readError } from './answers.ts';
import { checkKey } from './checks.ts';
import { PublishFailed, UnexpectedAnswer } from './errors.ts';
import { readPublishMessage, type Message, type Published } from './messages.ts';
import { isTransient, wait, type RetryOptions } from './retry.ts';

export interface PublishEventsOptions extends RetryOptions {
  /**
   * Makes a call of `POST /publish` with this body, and again after a transient failure: the events' keys keep it from sending one twice.
   */
  readonly send: (body: string) => Promise<JsonObject>;
  readonly idempotencyKey?: ((message: Message, index: number) => string) | undefined;
}

/** A message as an event, and its position among all messages. */
interface Event {
  readonly index: number;
  readonly json: string;
}

/** The size of a text as the service measures it, in which these characters are escaped. */
const escapedBytes = (text: string): number =>
  text.replace(/["\\/\n\r\t]/g, '--').replace(/[^\u0020-\u007e]/g, '------').length;

const eventOf = (message: Message, index: number, key: PublishEventsOptions['idempotencyKey']): Event => {
  const { text } = readPublishMessage(message, index);
  const idempotencyKey = key
    ? checkKey(`idempotencyKey(messages[${index}])`, key(message, index))
    : crypto.randomUUID();
  return { index, json: `{"message":${text},"idempotencyKey":${JSON.stringify(idempotencyKey)}}` };
};

const bodyOf = (events: readonly Event[]): string => `{"events":[${events.map(({ json }) => json).join(',')}]}`;

/** Divides events into as many as a call takes, in order. */
const dividedIntoCalls = (events: readonly Event[]): Event[][] => {
  const calls: Event[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = escapedBytes(event.json) + 1;
    const open = calls.at(-1);
    if (open && open.length < publishLimits.events && bytes + size <= publishLimits.bodyBytes - 100) {
      open.push(event);
      bytes += size;
    } else {
      calls.push([event]);
      bytes = size;
    }
  }
  return calls;
};

/** The results of a call, one for each event. @throws UnexpectedAnswer */
const resultsOf = ({ results }: JsonObject, events: number): readonly JsonObject[] => {
  if (Array.isArray(results) && results.length === events && results.every(isJsonObject)) return results;
  throw new UnexpectedAnswer('The API answered a publish call, but not as /publish does', { status: 200 });
};

/**
 * Sends messages through the API, one call after the other, so that their order is kept. Events that fail are published again, until
 * `attempts` calls in a row took none.
 * @returns for each message, in their order, the id by which browsers know it
 * @throws InvalidRequest or MessageTooLarge, and then no message was sent; PublishFailed
 */
export const publishEvents = async (
  messages: readonly Message[],
  { send, idempotencyKey, ...options }: PublishEventsOptions,
): Promise<Published[]> => {
  const published = new Map<number, Published>();
  /** Publishes events and returns those that failed, with the reason of one that cannot succeed, or else of the last. */
  const publish = async (events: readonly Event[]): Promise<{ failed: Event[]; error?: unknown }> => {
    const results = resultsOf(await send(bodyOf(events)), events.length);
    const failed: Event[] = [];
    const errors: unknown[] = [];
    for (const [position, event] of events.entries()) {
      const { messageId, ...result } = results[position] ?? {};
      if (typeof messageId === 'string') published.set(event.index, { messageId });
      else {
        failed.push(event);
        errors.push(readError(result, 'The API did not say why'));
      }
    }
    return { failed, error: errors.find((error) => !isTransient(error)) ?? errors.at(-1) };
  };
  const publishAll = async (events: readonly Event[]): Promise<void> => {
    let left = events;
    for (let emptyRounds = 0, refusals = 0; left.length > 0;) {
      const { failed, error } = await publish(left);
      emptyRounds = failed.length < left.length ? 0 : emptyRounds + 1;
      left = failed;
      if (failed.length === 0) return;
      if (emptyRounds >= options.attempts || !isTransient(error)) throw error;
      refusals += 1;
      await wait(options, options.retry(refusals));
    }
  };
  const calls = dividedIntoCalls(messages.map((message, index) => eventOf(message, index, idempotencyKey)));
  try {
    for (const events of calls) await publishAll(events);
  } catch (error) {
    const unpublished = messages.filter((_, index) => !published.has(index));
    throw new PublishFailed(published.size, unpublished, error);
  }
  return messages.flatMap((_, index) => published.get(index) ?? []);
};
