import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EpochMilliseconds } from '../clock.ts';

/** One event as it is stored. */
export interface LogEvent {
  /** The event's number among those of all groups: it orders events of the same millisecond, and the next page starts after it. */
  readonly sequence: number;
  readonly stream: string;
  readonly timestamp: EpochMilliseconds;
  readonly ingestionTime: EpochMilliseconds;
  readonly message: string;
}

/** Events that are compressed together. Their lines have most of their text in common, so a log takes a twentieth of the memory. */
const maxChunkEvents = 1000;

/** Consecutive events, compressed. */
interface Chunk {
  readonly count: number;
  readonly lastSequence: number;
  /** Of the messages, in UTF-16 units. */
  readonly length: number;
  readonly streams: ReadonlySet<string>;
  readonly data: Buffer;
}

/** An event as it is compressed: a row without the names of its members. */
type Row = readonly [sequence: number, stream: string, timestamp: number, ingestionTime: number, message: string];

const lengthOf = (events: readonly LogEvent[]): number => events.reduce((sum, { message }) => sum + message.length, 0);

const streamsOf = (events: readonly LogEvent[]): Set<string> => new Set(events.map(({ stream }) => stream));

const compress = (events: readonly LogEvent[]): Chunk => {
  const rows = events.map(({ sequence, stream, timestamp, ingestionTime, message }): Row => {
    return [sequence, stream, timestamp, ingestionTime, message];
  });
  return {
    count: events.length,
    lastSequence: events.at(-1)?.sequence ?? 0,
    length: lengthOf(events),
    streams: streamsOf(events),
    data: deflateRawSync(serialize(rows), { level: 1 }),
  };
};

const decompress = ({ data }: Chunk): LogEvent[] => {
  const rows = deserialize(inflateRawSync(data)) as readonly Row[];
  return rows.map(([sequence, stream, timestamp, ingestionTime, message]) => ({
    ...{ sequence, stream, timestamp, ingestionTime, message },
  }));
};

/** Events in the order they arrived, all but the last compressed. Their sequence numbers ascend. */
export class CompactEvents {
  readonly #chunkEvents: number;
  #chunks: Chunk[] = [];
  /** What is not compressed yet. */
  #open: LogEvent[] = [];
  /** The events of the chunk that was read last: a reader usually asks for the same chunk again. */
  #read: { readonly chunk: Chunk; readonly events: readonly LogEvent[] } | undefined;
  #count = 0;
  #length = 0;

  /** @param limit how many events are kept at least. Not more than this many are compressed together, since a chunk is forgotten as a whole. */
  constructor(limit: number) {
    this.#chunkEvents = Math.min(maxChunkEvents, limit);
  }

  get count(): number {
    return this.#count;
  }

  /** Of all messages, in UTF-16 units. */
  get length(): number {
    return this.#length;
  }

  add(event: LogEvent): void {
    this.#open.push(event);
    this.#count += 1;
    this.#length += event.message.length;
    if (this.#open.length < this.#chunkEvents) return;
    this.#chunks.push(compress(this.#open));
    this.#open = [];
  }

  /** Events from this position on. */
  *from(position: number): Generator<LogEvent, void> {
    let start = 0;
    for (const chunk of this.#chunks) {
      if (start + chunk.count > position) yield* this.#eventsOf(chunk).slice(Math.max(0, position - start));
      start += chunk.count;
    }
    yield* this.#open.slice(Math.max(0, position - start));
  }

  /** Events before this position, the last of them first. */
  *backFrom(position: number): Generator<LogEvent, void> {
    let start = this.#count - this.#open.length;
    if (position > start) yield* this.#open.slice(0, position - start).reverse();
    for (const chunk of this.#chunks.toReversed()) {
      start -= chunk.count;
      if (position > start)
        yield* this.#eventsOf(chunk)
          .slice(0, position - start)
          .reverse();
    }
  }

  /** The position of the first event that came after the one with this sequence number. */
  positionAfter(sequence: number): number {
    let start = 0;
    for (const chunk of this.#chunks) {
      if (chunk.lastSequence > sequence) return start + countUpTo(this.#eventsOf(chunk), sequence);
      start += chunk.count;
    }
    return start + countUpTo(this.#open, sequence);
  }

  /** Forgets the first events, as many as can be, so that at least `kept` are left. @returns those that are forgotten */
  forget(kept: number): LogEvent[] {
    const forgotten: LogEvent[] = [];
    for (let chunk = this.#chunks[0]; chunk && this.#count - chunk.count >= kept; chunk = this.#chunks[0]) {
      forgotten.push(...decompress(chunk));
      this.#chunks.shift();
      this.#count -= chunk.count;
      this.#length -= chunk.length;
    }
    return forgotten;
  }

  /** Names of the streams that have events. */
  streams(): Set<string> {
    return new Set([...this.#chunks.flatMap(({ streams }) => [...streams]), ...streamsOf(this.#open)]);
  }

  #eventsOf(chunk: Chunk): readonly LogEvent[] {
    if (this.#read?.chunk !== chunk) this.#read = { chunk, events: decompress(chunk) };
    return this.#read.events;
  }
}

/** How many of these events do not come after the one with this sequence number. */
const countUpTo = (events: readonly LogEvent[], sequence: number): number => {
  const found = events.findIndex((event) => event.sequence > sequence);
  return found < 0 ? events.length : found;
};
