import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface MessagesTableProps {
  /** The key of the user's that encrypts it; undefined for one that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * Messages too large to travel through the dispatch machine, whose inputs and outputs end at 256 KiB: the machine carries
 * their ids. An item is needed while one dispatch runs and expires after a day, so the table goes with the stack.
 */
export class MessagesTable extends Construct {
  readonly table: Table;

  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: MessagesTableProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'messageId', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // By default a key that AWS owns: calls of the managed key aws/dynamodb are billed.
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: TableEncryption.DEFAULT }),
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
    this.#key?.grantEncryptDecrypt(grantee);
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.table.tableArn] });
  }
}
