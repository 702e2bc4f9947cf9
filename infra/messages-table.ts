import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * Messages too large to travel through the dispatch machine, whose inputs and outputs end at 256 KiB: the machine carries
 * their ids. An item is needed while one dispatch runs and expires after a day, so the table goes with the stack.
 */
export class MessagesTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'messageId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // A key that AWS owns: calls of the managed key aws/dynamodb are billed.
      encryption: TableEncryption.DEFAULT,
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  grantStore(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:PutItem');
  }

  grantFetch(grantee: IGrantable): Grant {
    return this.#grant(grantee, 'dynamodb:GetItem');
  }

  #grant(grantee: IGrantable, action: string): Grant {
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.table.tableArn] });
  }
}
