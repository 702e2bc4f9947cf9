import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ExpiringTable, type ExpiringTableProps } from './expiring-table.ts';

/** Which events publish calls have sent under an idempotency key. An item counts for five minutes and expires a minute later. */
export class IdempotencyTable extends ExpiringTable {
  constructor(scope: Construct, id: string, props: ExpiringTableProps) {
    super(scope, id, { ...props, partitionKey: { name: 'id', type: AttributeType.STRING } });
  }

  /** Lets a task claim keys and record what became of their events. */
  grantClaim(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['GetItem', 'PutItem']);
  }
}
