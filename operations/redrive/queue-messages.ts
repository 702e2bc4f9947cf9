import type { Item, Unusable } from './put-back.ts';

/** A message taken from a queue. */
export interface Taken {
  readonly content: Content;
  readonly handle: string;
}

/** The content of a queue's message: all that is needed to put it back, or a part of it. */
export type Content =
  | Omit<Item, 'handles'>
  | {
      readonly part: number;
      readonly parts: number;
      /** The record that it is a part of. */
      readonly of: string;
      readonly partitionKey: string;
      readonly data: Buffer;
    }
  | Unusable;

export type ReadContent = (body: string) => Content | Promise<Content>;
