import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { publishLimits } from '../../client/shared/publish.ts';
import type { DynamoDBClient } from '../aws/clients.ts';
import { settle, settleUnless, UpstreamUnavailable } from '../aws/errors.ts';
import { decodeRanges, encodeRanges } from '../dispatch/dispatch.ts';

const claimSchema = z.object({
  /** The publish call that sends the event of a key, and the event's position in it. */
  call: z.string(),
  position: z.int(),
  /** The id under which the event is sent, also when a later call sends it. */
  messageId: z.string(),
  /** A hash of the event: events with the same key and another fingerprint differ. */
  fingerprint: z.string(),
  /** Epoch milliseconds after which the call has ended, whatever became of it. */
  callEnds: z.int(),
});

/** Who sends the event of an idempotency key. */
export type Claim = z.output<typeof claimSchema>;

/** What became of the events of a call, by their positions; those in neither list were sent. */
export interface Outcome {
  readonly queued: ReadonlySet<number>;
  readonly failed: ReadonlySet<number>;
}

const outcomeSchema = z.object({ queued: z.string(), failed: z.string() });

/**
 * Remembers for five minutes which events were sent under which idempotency key. A key is claimed before its event is sent. What
 * became of a call's events is one more item, written when the call is done: a call without one has not ended, or was killed.
 * The calls throw Throttled, UpstreamUnavailable or UpstreamFailed.
 */
export interface IdempotencyStore {
  /**
   * Claims a key that is free, or that this call did not get sent.
   * @returns the claim that holds the key then: this one, or another
   */
  claim(key: string, claim: Claim, from?: Claim): Promise<Claim>;
  putOutcome(call: string, outcome: Outcome): Promise<void>;
  /** Undefined as long as there is none. */
  outcomeOf(call: string): Promise<Outcome | undefined>;
}

/** Keys and calls are items of one table. */
const keyId = (key: string): string => `key ${key}`;
const callId = (call: string): string => `call ${call}`;

/** How often a key is tried when its item expires between two calls. */
const maxAttempts = 3;

/** @param now epoch milliseconds */
export const createIdempotencyStore = (
  client: Pick<DynamoDBClient, 'call'>,
  tableName: string,
  now: () => number,
): IdempotencyStore => {
  const itemOf = (id: string, data: object): Record<string, AttributeValue> => {
    const expires = now() + publishLimits.keyLifetime * 1000;
    return {
      id: { S: id },
      data: { S: JSON.stringify(data) },
      expires: { N: String(expires) },
      // A minute later than it counts, so that the outcome of a call stays as long as its claims.
      ttl: { N: String(Math.ceil(expires / 1000) + 60) },
    };
  };
  const read = async (id: string): Promise<unknown> => {
    const sent = client.call('GetItem', { TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true });
    const { Item } = await settle('dynamodb:GetItem', sent);
    const data = Item?.['data']?.S;
    return data === undefined ? undefined : JSON.parse(data);
  };
  const put = async (key: string, claim: Claim, from: Claim | undefined): Promise<boolean> => {
    const sent = client.call('PutItem', {
      TableName: tableName,
      Item: { ...itemOf(keyId(key), claim), call: { S: claim.call } },
      ConditionExpression: 'attribute_not_exists(id) OR expires <= :now OR #call = :from',
      ExpressionAttributeNames: { '#call': 'call' },
      ExpressionAttributeValues: { ':now': { N: String(now()) }, ':from': { S: from?.call ?? 'none' } },
    });
    const isPut = sent.then(() => true);
    return settleUnless('dynamodb:PutItem', isPut, ['ConditionalCheckFailedException'], false);
  };
  return {
    claim: async (key, claim, from) => {
      for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
        if (await put(key, claim, from)) return claim;
        const held = await read(keyId(key));
        if (held !== undefined) return claimSchema.parse(held);
      }
      throw new UpstreamUnavailable('dynamodb:PutItem finds a key taken that dynamodb:GetItem does not find');
    },
    putOutcome: async (call, { queued, failed }) => {
      const data = { queued: encodeRanges([...queued]), failed: encodeRanges([...failed]) };
      const sent = client.call('PutItem', { TableName: tableName, Item: itemOf(callId(call), data) });
      await settle('dynamodb:PutItem', sent);
    },
    outcomeOf: async (call) => {
      const data = await read(callId(call));
      if (data === undefined) return undefined;
      const { queued, failed } = outcomeSchema.parse(data);
      return { queued: new Set(decodeRanges(queued)), failed: new Set(decodeRanges(failed)) };
    },
  };
};
