import { createHash } from 'node:crypto';
import type { Emulator } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { identities } from '../tools/identities.ts';

const identitySchema = z.object({ IdentityId: z.string() });
const queueSchema = z.object({ QueueUrl: z.string() });

const lastDigit = (number: number): number => number % 10;

/** Sessions put straight where they are kept: creating thousands through the API would take minutes. */
export class Planting {
  readonly #runtime: Emulator;
  #users = 0;

  constructor(runtime: Emulator) {
    this.#runtime = runtime;
  }

  async queue(number: number): Promise<{ url: string; shard: string }> {
    const random = createHash('sha256').update(String(number)).digest('hex').slice(0, 32);
    return { url: await this.namedQueue(`brws-dev-${random}`), shard: random.charAt(0) };
  }

  async identity(): Promise<string> {
    const IdentityPoolId = this.#runtime.outputs['IdentityPoolId'];
    this.#users += 1;
    const answer =
      identities === 'guests'
        ? await this.#runtime.ask('cognito-identity', 'GetId', { IdentityPoolId })
        : await this.#runtime.ask('cognito-identity', 'GetOpenIdTokenForDeveloperIdentity', {
            IdentityPoolId,
            Logins: { 'sqs-browser': `user ${this.#users}` },
          });
    return identitySchema.parse(answer).IdentityId;
  }

  /**
   * `count` whole sessions, numbered from `first`, whose keys expire in `expiresIn` seconds, of the accounts that
   * `accountOf` says, of accounts 0 to 9 unless given; their ids are `idPrefix`, s unless given, and the number.
   */
  async sessions(
    count: number,
    first: number,
    expiresIn: number,
    { accountOf = lastDigit, idPrefix = 's' } = {},
  ): Promise<void> {
    const seconds = Math.floor(this.#runtime.clock.now() / 1000);
    const item = async (number: number) => {
      const { url, shard } = await this.queue(number);
      const texts = {
        sessionId: `${idPrefix}${number}`,
        queueUrl: url,
        identityId: await this.identity(),
        nameSeed: `n${number}`,
        nextNameSeed: `m${number}`,
        shard,
        route: `s#${idPrefix}${number}`,
      };
      const numbers = {
        accountId: accountOf(number),
        expires: seconds + expiresIn,
        createdAt: seconds,
        version: 1,
        ttl: seconds + 800_000,
      };
      return {
        ...Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }])),
        ...Object.fromEntries(Object.entries(numbers).map(([name, N]) => [name, { N: String(N) }])),
      };
    };
    const TableName = this.#runtime.outputs['SessionTableName'] ?? '';
    for (let begin = first; begin < first + count; begin += 25) {
      const numbers = Array.from({ length: Math.min(25, first + count - begin) }, (_, i) => begin + i);
      const puts = (await Promise.all(numbers.map(item))).map((Item) => ({ PutRequest: { Item } }));
      await this.#runtime.ask('dynamodb', 'BatchWriteItem', { RequestItems: { [TableName]: puts } });
    }
  }

  /** @returns its URL */
  async namedQueue(QueueName: string): Promise<string> {
    const answer = await this.#runtime.ask('sqs', 'CreateQueue', { QueueName });
    return queueSchema.parse(answer).QueueUrl;
  }
}
