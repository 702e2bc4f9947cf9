import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ExpiringTable, type ExpiringTableProps } from './expiring-table.ts';

/**
 * Messages too large to travel through the dispatch machine, whose inputs and outputs end at 256 KiB: the machine carries
 * their ids. An item is needed while one dispatch runs and expires after a day.
 */
export class MessagesTable extends ExpiringTable {
  constructor(scope: Construct, id: string, props: ExpiringTableProps) {
    super(scope, id, { ...props, partitionKey: { name: 'messageId', type: AttributeType.STRING } });
  }

  grantStore(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['PutItem']);
  }

  grantFetch(grantee: IGrantable): Grant {
    return this.grantActions(grantee, ['GetItem']);
  }
}
