const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

/** The parts of a sequence number that stay the same for a shard. */
export interface SequenceOrigin {
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly shardIndex: number;
}

/**
 * A decimal number of 56 digits, which is larger for a larger `position` at any time. Numbers of one stream compare as text, since all
 * have the same length. AWS documents only that they increase in a shard. The form is the one that kinesalite found:
 * https://github.com/mhart/kinesalite/blob/master/db/index.js
 * https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
 * @param seconds since the epoch when the record arrived
 */
export const sequenceNumber = (origin: SequenceOrigin, position: number, seconds: number): string => {
  const parts = [
    '2',
    hex(origin.createdAt, 9),
    '0',
    hex(position, 16),
    hex(seconds, 9),
    hex(origin.shardIndex, 8),
    '002',
  ];
  return BigInt(`0x${parts.join('')}`).toString();
};

export const isSequenceNumber = (text: string): boolean => /^(0|[1-9]\d{0,128})$/.test(text);

/** Whether `a` comes before `b`. */
export const isBefore = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length);
