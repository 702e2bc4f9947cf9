import type { QueueEvent } from './event.ts';

/** What a delivery rejects with when its handler left before it finished: the message goes to the handlers there are. */
export const handlerRemoved = new Error('removed');

interface Arrival<Data> {
  readonly event: QueueEvent<Data>;
  resolve(): void;
  reject(error: Error): void;
}

type OnEvent<Data> = (event: QueueEvent<Data>) => Promise<void>;

export interface LoopHandlers<Data> {
  /** @param options `finish` ends the loop after the event it has. */
  readonly add: (onEvent: OnEvent<Data>, options: { readonly finish: () => void }) => void;
  readonly remove: (onEvent: OnEvent<Data>) => void;
}

/**
 * A `for await` loop over events. Asking for the next event confirms the last one. Leaving the loop does not, since a `break` and
 * a throw look the same from here.
 */
export const loop = async function* <Data>({
  add,
  remove,
}: LoopHandlers<Data>): AsyncGenerator<QueueEvent<Data>, undefined> {
  let arrive: (arrival?: Arrival<Data>) => void = () => undefined;
  const next = (): Promise<Arrival<Data> | undefined> => new Promise((resolve) => (arrive = resolve));
  let arrived = next();
  let arrival: Arrival<Data> | undefined;
  const onEvent: OnEvent<Data> = (event) =>
    new Promise((resolve, reject) => {
      arrive({ event, resolve, reject });
    });
  add(onEvent, {
    finish: () => {
      arrive();
    },
  });
  try {
    while ((arrival = await arrived)) {
      arrived = next();
      yield arrival.event;
      arrival.resolve();
    }
  } finally {
    remove(onEvent);
    arrival?.reject(handlerRemoved);
  }
  return undefined;
};
