import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import type { Runtime } from '../../local/runtime.ts';

const lastDigit = (number: number): number => number % 10;

/** Sessions put straight where they are kept: creating thousands through the API would take minutes. */
export class Planting implements Disposable {
  readonly #runtime: Runtime;
  readonly #sqs: SQSClient;
  readonly #cognito: CognitoIdentityClient;
  readonly #dynamoDb: DynamoDBClient;

  constructor(runtime: Runtime) {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const settings = { region: 'us-east-1', endpoint: runtime.url, credentials };
    this.#runtime = runtime;
    this.#sqs = new SQSClient(settings);
    this.#cognito = new CognitoIdentityClient(settings);
    this.#dynamoDb = new DynamoDBClient(settings);
  }

  [Symbol.dispose](): void {
    for (const client of [this.#sqs, this.#cognito, this.#dynamoDb]) client.destroy();
  }

  async queue(number: number): Promise<{ url: string; shard: string }> {
    const random = createHash('sha256').update(String(number)).digest('hex').slice(0, 32);
    const { QueueUrl: url = '' } = await this.#sqs.send(new CreateQueueCommand({ QueueName: `brws-dev-${random}` }));
    return { url, shard: random.charAt(0) };
  }

  async identity(): Promise<string> {
    const { IdentityId = '' } = await this.#cognito.send(
      new GetIdCommand({ IdentityPoolId: this.#runtime.outputs['IdentityPoolId'] }),
    );
    return IdentityId;
  }

  /**
   * `count` whole sessions, numbered from `first`, whose keys expire in `expiresIn` seconds, of the accounts that
   * `accountOf` says; of accounts 0 to 9 unless given.
   */
  async sessions(count: number, first: number, expiresIn: number, accountOf = lastDigit): Promise<void> {
    const seconds = Math.floor(this.#runtime.clock.now() / 1000);
    const item = async (number: number) => {
      const { url, shard } = await this.queue(number);
      const texts = {
        sessionId: `s${number}`,
        queueUrl: url,
        identityId: await this.identity(),
        sessionName: `n${number}`,
        accessKey: 'ASIAPLANTED',
        secretKey: 'x'.repeat(40),
        sessionToken: 'x'.repeat(900),
        shard,
        route: `s#s${number}`,
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
      await this.#dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
    }
  }

  async foreignQueue(name: string): Promise<void> {
    await this.#sqs.send(new CreateQueueCommand({ QueueName: name }));
  }
}
