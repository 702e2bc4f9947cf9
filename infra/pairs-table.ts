import { AttributeType, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ExpiringTable, type ExpiringTableProps } from './expiring-table.ts';

/**
 * The pool: pairs of a queue and an identity that wait for a session, and those that were taken of late. A table of its own, so that who
 * takes a pair cannot read sessions, and dispatch cannot read pairs. It goes with the pool: queues of pairs that nothing knows any more
 * are removed by the cleanup. A backup must never be restored: it would give pairs twice.
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

  /** Reads which pairs there are, without the seeds of their session names. */
  grantList(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['Query'], `${this.table.tableArn}/index/byState`);
  }

  /** Takes pairs, and so reads them whole. */
  grantTake(grantee: IGrantable): void {
    this.grantList(grantee);
    this.grantActions(grantee, ['UpdateItem']);
  }

  /** Adds pairs, and says who does. */
  grantAdd(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['PutItem']);
  }
}
