import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ExpiringTable, type ExpiringTableProps } from './expiring-table.ts';

/**
 * The pool: pairs of a queue and an identity that wait for a session, and those that were taken recently. It is a table of its own, so that
 * a function that takes pairs cannot read sessions, and dispatch cannot read pairs. It is deleted with the pool; the cleanup then removes
 * the pairs' queues. A backup must never be restored: pairs would be taken twice.
 */
export class PairsTable extends ExpiringTable {
  constructor(scope: Construct, id: string, props: ExpiringTableProps) {
    super(scope, id, {
      ...props,
      partitionKey: { name: 'pool', type: AttributeType.STRING },
      sortKey: { name: 'queueName', type: AttributeType.STRING },
    });
    this.table.addLocalSecondaryIndex({
      indexName: 'byState',
      sortKey: { name: 'state', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['identityId', 'createdAt'],
    });
  }

  /** Allows listing the pairs, without the seeds of their session names. */
  grantList(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['Query'], `${this.table.tableArn}/index/byState`);
  }

  /** Allows taking pairs, and so reading them whole. */
  grantTake(grantee: IGrantable): void {
    this.grantList(grantee);
    this.grantActions(grantee, ['UpdateItem']);
  }

  /** Allows adding pairs, and holding the lease of the execution that does. */
  grantAdd(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['PutItem']);
  }
}
