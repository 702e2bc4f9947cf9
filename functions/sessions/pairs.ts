import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { openDocuments, type DynamoDBDocumentClient } from '../aws/clients.ts';
import { settle, settleUnless } from '../aws/errors.ts';
import { randomDigits } from './queues.ts';
import { identitySchema } from './session-record.ts';

/** A queue and the identity that its policy lets in, made in advance for a session that does not exist yet. */
export const pairSchema = z.object({ ...identitySchema.shape, queueUrl: z.string() });
export type Pair = z.output<typeof pairSchema>;

/** A pair as the index `byState` shows it. */
const listedPairSchema = z.object({
  queueName: z.string(),
  identityId: z.string(),
  /** `free#<generation>#<the random part of the queue's name>`, or `taken#<time>`. */
  state: z.string(),
  /** Epoch seconds. */
  createdAt: z.number(),
});
export type ListedPair = z.output<typeof listedPairSchema>;

/** The table of pairs, and the client that reaches it. */
export interface PairTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

export const openPairTable = (name: string): PairTable => ({ client: openDocuments(), name });

/** The table of pairs; undefined where there is no pool, and the name is `none`. */
export const pairTableIfAny = (name: string): PairTable | undefined =>
  name === 'none' ? undefined : openPairTable(name);

/** What the pairs of a stack are made with, as a short text: pairs that were made with something else are not given to sessions. */
export const generationOf = (madeWith: string): string =>
  createHash('sha256').update(madeWith).digest('hex').slice(0, 16);

/** The partition of all pairs. */
const partition = 'pairs';
/** Sorts after every letter and digit. */
const last = '~';

const freeState = (generation: string, position: string): string => `free#${generation}#${position}`;

/** @param time epoch milliseconds */
const takenState = (time: number): string => `taken#${new Date(time).toISOString()}`;

/** Whether a pair was made with what the stack has now. */
export const isOfGeneration = ({ state }: ListedPair, generation: string): boolean =>
  state.startsWith(freeState(generation, ''));

interface StateRange {
  readonly from: string;
  readonly to: string;
  readonly start?: Record<string, unknown> | undefined;
  /** With one, the read has what has been written up to now. */
  readonly limit?: number;
}

const queryPairs = async (table: PairTable, { from, to, start, limit }: StateRange) => {
  const sent = table.client.call('Query', {
    TableName: table.name,
    IndexName: 'byState',
    // STATE is one of DynamoDB's reserved words.
    KeyConditionExpression: '#pool = :pool AND #state BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#pool': 'pool', '#state': 'state' },
    ExpressionAttributeValues: { ':pool': partition, ':from': from, ':to': to },
    ExclusiveStartKey: start,
    ...(limit !== undefined && { Limit: limit, ConsistentRead: true }),
  });
  const page = await settle('dynamodb:Query', sent);
  return { pairs: z.array(listedPairSchema).parse(page.Items ?? []), next: page.LastEvaluatedKey };
};

const readRange = async (table: PairTable, from: string, to: string): Promise<ListedPair[]> => {
  const pairs: ListedPair[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await queryPairs(table, { from, to, start });
    pairs.push(...page.pairs);
    start = page.next;
  } while (start !== undefined);
  return pairs;
};

/** All pairs that no session has taken, of every generation; what was written within the last second may be missing. */
export const readFree = (table: PairTable): Promise<ListedPair[]> => readRange(table, 'free#', `free#${last}`);

/**
 * The pairs that are free, or were taken since a time: those of sessions that may not be recorded yet.
 * @param since epoch seconds
 */
export const readInUse = async (table: PairTable, since: number): Promise<ListedPair[]> => [
  ...(await readFree(table)),
  ...(await readRange(table, takenState(since * 1000), `taken#${last}`)),
];

/** How long a taken pair is remembered: until its session has long been recorded, or it is the cleanup's. */
export interface Taking {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Seconds. */
  readonly gracePeriod: number;
}

/**
 * Takes a pair that was seen free. Of several takers at once one gets it, and it is never free again.
 * @returns undefined when somebody else has taken it
 */
export const claimPair = async (
  table: PairTable,
  { queueName, state }: ListedPair,
  { now, gracePeriod }: Taking,
): Promise<Pair | undefined> => {
  const answer = table.client.call('UpdateItem', {
    TableName: table.name,
    Key: { pool: partition, queueName },
    UpdateExpression: 'SET #state = :taken, #ttl = :ttl',
    ConditionExpression: '#state = :seen',
    ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':seen': state,
      ':taken': takenState(now),
      ':ttl': Math.floor(now / 1000) + gracePeriod,
    },
    ReturnValues: 'ALL_NEW',
  });
  const taken = await settleUnless('dynamodb:UpdateItem', answer, ['ConditionalCheckFailedException'], undefined);
  return taken && pairSchema.parse(taken.Attributes);
};

/** How many free pairs are read at a time. Takers at once begin at places of their own, so few of them meet. */
const pairsAtOnce = 8;
/** A round fails only when others took all pairs that it had read. */
const maxRounds = 5;

/**
 * Takes any free pair of a generation.
 * @param randomPosition 128 random bits in hex, where to look first
 * @returns undefined when there is none, or others were faster each time
 */
export const takePair = async (
  table: PairTable,
  generation: string,
  { randomPosition, ...taking }: Taking & { readonly randomPosition: () => string },
): Promise<Pair | undefined> => {
  const first = freeState(generation, '');
  const end = freeState(generation, last);
  for (let round = 0; round < maxRounds; round += 1) {
    const from = freeState(generation, randomPosition());
    const after = await queryPairs(table, { from, to: end, limit: pairsAtOnce });
    const { pairs } =
      after.pairs.length > 0 ? after : await queryPairs(table, { from: first, to: from, limit: pairsAtOnce });
    if (pairs.length === 0) return undefined;
    for (const listed of pairs) {
      const pair = await claimPair(table, listed, taking);
      if (pair) return pair;
    }
  }
  return undefined;
};

/**
 * Puts a new pair into the pool. A repetition after a lost answer changes nothing: the pair may have been taken meanwhile.
 * @param now epoch milliseconds
 */
export const addPair = async (
  table: PairTable,
  generation: string,
  { pair, queueName }: { readonly pair: Pair; readonly queueName: string },
  now: number,
): Promise<void> => {
  const state = freeState(generation, queueName.slice(-randomDigits));
  const answer = table.client.call('PutItem', {
    TableName: table.name,
    Item: { pool: partition, queueName, state, ...pair, createdAt: Math.floor(now / 1000) },
    ConditionExpression: 'attribute_not_exists(queueName)',
  });
  await settleUnless('dynamodb:PutItem', answer, ['ConditionalCheckFailedException'], undefined);
};
