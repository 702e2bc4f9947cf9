import * as z from 'zod/mini';

/** A service that delivers messages to sessions, as the benchmark drives it: this service, or another one. */
export interface Messaging<Session> {
  /** Opens a session that can be sent to by this name. */
  open(name: string): Promise<Session>;
  /** Sends one object to one session, and waits for the answer. */
  send(name: string, body: object): Promise<unknown>;
  /** Sends objects to many sessions in as few calls as the service allows. */
  stream(bodies: readonly { readonly name: string; readonly body: object }[]): Promise<unknown>;
  /** Calls `onMessage` with each message's text until the signal is aborted. Resolves when it has stopped. */
  listen(session: Session, onMessage: (body: string) => void, signal: AbortSignal): Promise<unknown>;
}

const now = (): number => performance.timeOrigin + performance.now();
const bodySchema = z.object({ at: z.number() });
const timeOf = (body: string): number => bodySchema.parse(JSON.parse(body)).at;

/** Milliseconds from a send to the listening client of the session `name`, one message after the other. */
export const oneByOne = async <S>(
  messaging: Messaging<S>,
  { name, session, count }: { readonly name: string; readonly session: S; readonly count: number },
): Promise<readonly number[]> => {
  const stop = new AbortController();
  let arrived = Promise.withResolvers<undefined>();
  const listening = messaging.listen(
    session,
    () => {
      arrived.resolve(undefined);
    },
    stop.signal,
  );
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    arrived = Promise.withResolvers();
    const start = performance.now();
    const reached = arrived.promise.then(() => times.push(performance.now() - start));
    await Promise.all([messaging.send(name, { index }), reached]);
  }
  stop.abort();
  await listening;
  return times;
};

/** Sessions that are streamed to in turn. */
export interface Listeners<S> {
  readonly messaging: Messaging<S>;
  readonly sessions: readonly S[];
}

const sessionName = (number: number, sessions: number): string => `k${number % sessions}`;

/** Opens sessions `k0`, `k1` … for `steadily` and `saturate`. */
export const openListeners = async <S>(messaging: Messaging<S>, count: number): Promise<Listeners<S>> => ({
  messaging,
  sessions: await Promise.all(Array.from({ length: count }, (_, number) => messaging.open(sessionName(number, count)))),
});

/** Sends messages with these numbers, each with the time. */
const sendMessages = <S>({ messaging, sessions }: Listeners<S>, from: number, count: number): Promise<unknown> =>
  messaging.stream(
    Array.from({ length: count }, (_, index) => ({
      name: sessionName(from + index, sessions.length),
      body: { number: from + index, at: now() },
    })),
  );

/** Listens to all sessions while `work` runs and until `count` messages have arrived. @returns the milliseconds that each took */
const receive = async <S>({ messaging, sessions }: Listeners<S>, count: number, work: () => Promise<void>) => {
  const latencies: number[] = [];
  const stop = new AbortController();
  const all = Promise.withResolvers<undefined>();
  const onMessage = (body: string): void => {
    latencies.push(now() - timeOf(body));
    if (latencies.length === count) all.resolve(undefined);
  };
  const listening = sessions.map((session) => messaging.listen(session, onMessage, stop.signal));
  await work();
  await all.promise;
  stop.abort();
  await Promise.all(listening);
  return latencies;
};

/** Calls a second in the steady run. */
const callsPerSecond = 100;

/** Sends `count` messages at `rate` a second. @returns for each the milliseconds until the client had it */
export const steadily = <S>(
  listeners: Listeners<S>,
  { count, rate }: { readonly count: number; readonly rate: number },
): Promise<readonly number[]> =>
  receive(listeners, count, async () => {
    const begin = performance.now();
    const batch = rate / callsPerSecond;
    for (let sent = 0; sent < count; sent += batch) {
      const due = begin + (sent / rate) * 1000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await sendMessages(listeners, sent, batch);
    }
  });

/** Sends `count` messages as fast as they are taken, `batch` in a call. @returns messages a second, until the last has arrived */
export const saturate = async <S>(
  listeners: Listeners<S>,
  { count, batch }: { readonly count: number; readonly batch: number },
): Promise<number> => {
  const begin = performance.now();
  await receive(listeners, count, async () => {
    for (let sent = 0; sent < count; sent += batch) await sendMessages(listeners, sent, batch);
  });
  return Math.round(count / ((performance.now() - begin) / 1000));
};
