/** `sqs-browser/typed`: listening to the events of one type, with a schema for their data. */
import { QueueEvent, type Events } from 'sqs-browser/client';
import { membersOf } from '../shared/json.ts';
import { validate, type StandardSchema } from './standard-schema.ts';

export type { SchemaError, SchemaIssue, StandardSchema } from './standard-schema.ts';

/** The part of the application's messages that have that type; all of them, if their types are not known. */
export type DataOf<Data, Type extends string> =
  Extract<Data, { readonly type: Type }> extends never ? Data : Extract<Data, { readonly type: Type }>;

/** The names of types that an editor suggests. */
type TypeOf<Data> = Data extends { readonly type: infer Type extends string } ? Type : never;

export interface OnOptions {
  /** Stops listening after one event that was handled. */
  readonly once?: boolean | undefined;
  /** Stops listening when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export interface SchemaOptions<Output> extends OnOptions {
  /** Checks the data, and may change it: the handler gets what the schema returns. */
  readonly schema: StandardSchema<Output>;
}

export interface On<Data> {
  /**
   * Listens to the messages whose data has that type in the field `typeField`. Otherwise like a `message` listener.
   * With a schema, the handler gets the data as the schema returns it; wrong data fires `rejected` instead.
   * @returns how to stop listening.
   */
  <Output>(type: string, handler: (event: QueueEvent<Output>) => unknown, options: SchemaOptions<Output>): () => void;
  <Type extends TypeOf<Data> | (string & {})>(
    type: Type,
    handler: (event: QueueEvent<DataOf<Data, Type>>) => unknown,
    options?: OnOptions,
  ): () => void;
}

/** Events that can also be listened to by type. */
export interface TypedEvents<Data = unknown> extends Events<Data> {
  readonly on: On<Data>;
}

export interface TypedOptions {
  /** The field of an event's data that is compared with the type. Default `type`. */
  readonly typeField?: string | undefined;
}

/** Any handler, whatever data it takes. */
export type AnyHandler = (event: QueueEvent<never>) => unknown;

/**
 * Adds the method `on` to a connection's events, and returns them. Events that have it already are returned as they are, unless
 * `typeField` is given.
 */
export const typed = <Data = unknown>(
  events: Events<Data> | TypedEvents<Data>,
  { typeField }: TypedOptions = {},
): TypedEvents<Data> => {
  if ('on' in events && typeField === undefined) return events;
  const on = (
    type: string,
    handler: AnyHandler,
    { schema, once, signal }: Partial<SchemaOptions<unknown>> = {},
  ): (() => void) => {
    const listener = async (event: QueueEvent<Data>): Promise<void> => {
      if (membersOf(event.data)[typeField ?? 'type'] !== type) return;
      try {
        const data = schema ? await validate(schema, event.data) : event.data;
        await handler(new QueueEvent(event, data));
        if (once) stop();
      } catch (error) {
        if (membersOf(error)['name'] !== 'SchemaError') throw error;
        events.dispatchEvent(Object.assign(new Event('rejected'), { message: event, error }));
      }
    };
    const stop = (): void => {
      events.removeEventListener('message', listener);
    };
    events.addEventListener('message', listener, signal && { signal });
    return stop;
  };
  return Object.assign(events, { on });
};
