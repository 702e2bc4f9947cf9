import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { encryptionOf } from './expiring-table.ts';

/** The attributes of a session that dispatch may read: all that the index `routes` has, and no seeds. */
const routeAttributes = ['accountId', 'sessionId', 'userId', 'queueUrl', 'expires', 'createdAt', 'route'];

export interface SessionsTableProps {
  /** The key of the user's that encrypts it; undefined for one that AWS owns. */
  readonly encryptionKey: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * One record for each session. By default the table stays when the stack is deleted or the table is replaced: without its records, queues
 * in use would look abandoned.
 */
export class SessionsTable extends Construct {
  readonly table: Table;

  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: SessionsTableProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'accountId', type: AttributeType.NUMBER },
      sortKey: { name: 'sessionId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...encryptionOf(props.encryptionKey),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      removalPolicy: props.removalPolicy,
    });
    this.table.addLocalSecondaryIndex({
      indexName: 'routes',
      sortKey: { name: 'route', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['userId', 'queueUrl', 'expires', 'createdAt'],
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'byShard',
      partitionKey: { name: 'shard', type: AttributeType.STRING },
      sortKey: { name: 'expires', type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['queueUrl', 'identityId'],
    });
  }

  /** Allows reading and writing whole records. `actions` are DynamoDB's. */
  grantRecords(grantee: IGrantable, ...actions: readonly RecordAction[]): Grant {
    return this.#grant(grantee, actions, this.table.tableArn);
  }

  /** Allows reading the index that the cleanup uses; it has no seeds. */
  grantQueryByShard(grantee: IGrantable): Grant {
    return this.#grant(grantee, ['Query'], this.#index('byShard'));
  }

  /**
   * Allows reading the attributes that delivery needs, and no others: the request must list its attributes, and all must be in this list.
   * It allows the table as well as the index: a session that is named by its id alone may have any user, so only the table's key finds it.
   */
  grantQueryRoutes(grantee: IGrantable): Grant {
    this.#key?.grantDecrypt(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [this.table.tableArn, this.#index('routes')],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': routeAttributes },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
  }

  #index(name: string): string {
    return `${this.table.tableArn}/index/${name}`;
  }

  #grant(grantee: IGrantable, actions: readonly string[], resource: string): Grant {
    this.#key?.grantEncryptDecrypt(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [resource],
    });
  }
}

export type RecordAction = 'DescribeTable' | 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan';
