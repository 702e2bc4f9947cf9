import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface PairsTableProps {
  /** The key of the user's that encrypts it; undefined for one that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * The pool: pairs of a queue and an identity that wait for a session, and those that were taken of late. A table of its own, so that who
 * takes a pair cannot read sessions, and dispatch cannot read pairs. It goes with the pool: queues of pairs that nothing knows any more
 * are removed by the cleanup. There are no backups: a table that was restored would give pairs twice.
 */
export class PairsTable extends Construct {
  readonly table: Table;

  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: PairsTableProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pool', type: AttributeType.STRING },
      sortKey: { name: 'queueName', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // By default a key that AWS owns: calls of the managed key aws/dynamodb are billed.
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: TableEncryption.DEFAULT }),
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.table.addLocalSecondaryIndex({
      indexName: 'byState',
      sortKey: { name: 'state', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['identityId', 'createdAt'],
    });
  }

  /** Reads which pairs there are, without the seeds of their session names. */
  grantList(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'Query', `${this.table.tableArn}/index/byState`);
  }

  /** Takes pairs, and so reads them whole. */
  grantTake(grantee: IGrantable): void {
    this.grantList(grantee);
    this.#grant(grantee, 'UpdateItem', this.table.tableArn);
  }

  /** Adds pairs, and says who does. */
  grantAdd(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'PutItem', this.table.tableArn);
  }

  #grant(grantee: IGrantable, action: string, resource: string): Grant {
    this.#key?.grantEncryptDecrypt(grantee);
    return Grant.addToPrincipal({ grantee, actions: [`dynamodb:${action}`], resourceArns: [resource] });
  }
}
