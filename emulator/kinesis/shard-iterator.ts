import { AwsError } from '../service.ts';
import { isList } from '../values.ts';
import { invalidArgument } from './errors.ts';

/** The position of a reader. */
export interface ShardPosition {
  readonly streamName: string;
  readonly shardId: string;
  readonly position: number;
}

/** Milliseconds an iterator can be used. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const lifetime = 300_000;

export const writeIterator = ({ streamName, shardId, position }: ShardPosition, now: number): string =>
  Buffer.from(JSON.stringify([streamName, shardId, position, now])).toString('base64');

const parse = (iterator: string): unknown => {
  try {
    return JSON.parse(Buffer.from(iterator, 'base64').toString());
  } catch {
    return undefined;
  }
};

/** The position that an iterator names, however old it is; undefined when the text is not an iterator. */
export const readIterator = (iterator: string): (ShardPosition & { readonly issuedAt: number }) | undefined => {
  const parts = parse(iterator);
  if (!isList(parts)) return undefined;
  const [streamName, shardId, position, issuedAt] = parts;
  const isText = typeof streamName === 'string' && typeof shardId === 'string';
  if (!isText || !Number.isSafeInteger(position) || typeof issuedAt !== 'number') return undefined;
  return { streamName, shardId, position: Number(position), issuedAt };
};

/** @throws AwsError InvalidArgumentException, ExpiredIteratorException */
export const checkedIterator = (iterator: string, now: number): ShardPosition => {
  const read = readIterator(iterator);
  if (!read || read.position < 0) throw invalidArgument('Invalid ShardIterator.');
  if (now - read.issuedAt > lifetime) {
    const age = 'Iterator expired. The iterator was created more than 300000 milliseconds ago.';
    throw new AwsError('ExpiredIteratorException', age);
  }
  return read;
};
