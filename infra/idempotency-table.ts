import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface IdempotencyTableProps {
  /** The key of the user's that encrypts it; undefined for one that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * Which events publish calls have sent under an idempotency key. An item counts for five minutes and expires a minute later, so the table
 * goes with the stack.
 */
export class IdempotencyTable extends Construct {
  readonly table: Table;

  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, props: IdempotencyTableProps) {
    super(scope, id);
    this.#key = props.encryptionKey;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // By default a key that AWS owns: calls of the managed key aws/dynamodb are billed.
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: TableEncryption.DEFAULT }),
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Lets a task claim keys and record what became of their events. */
  grantClaim(grantee: IGrantable): Grant {
    this.#key?.grantEncryptDecrypt(grantee);
    const actions = ['dynamodb:GetItem', 'dynamodb:PutItem'];
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
