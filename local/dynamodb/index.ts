import type { Clock } from '../clock.ts';
import type { Service } from '../service.ts';

export interface DynamoDbOptions {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
}

/** Tables in memory: dynalite within the process, with TTL in front of it. */
export interface DynamoDb extends Service {
  readonly name: 'dynamodb';
  /** Creates a table of the template from the properties of its AWS::DynamoDB::Table. @throws Error naming a property that is not supported. */
  createTable(name: string, properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** Calls off the deletion of expired items. */
  stop(): void;
}

export type CreateDynamoDb = (options: DynamoDbOptions) => DynamoDb;
