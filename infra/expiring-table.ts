import { RemovalPolicy } from 'aws-cdk-lib';
import { BillingMode, Table, TableEncryption, type Attribute, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** By default a key that AWS owns: calls of the managed key aws/dynamodb are billed. */
export const encryptionOf = (encryptionKey: IKey | undefined): Pick<TableProps, 'encryption' | 'encryptionKey'> =>
  encryptionKey
    ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }
    : { encryption: TableEncryption.DEFAULT };

export interface ExpiringTableProps {
  /** The key of the user's that encrypts it; undefined for one that AWS owns. */
  readonly encryptionKey: IKey | undefined;
}

interface TableKeys {
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
}

/** A table whose items expire, by their attribute `ttl`; so it has no backups and goes with the stack. */
export abstract class ExpiringTable extends Construct {
  readonly table: Table;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryptionKey, ...keys }: ExpiringTableProps & TableKeys) {
    super(scope, id);
    this.#key = encryptionKey;
    this.table = new Table(this, 'Table', {
      ...keys,
      ...encryptionOf(encryptionKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /**
   * Allows actions on the table, and the use of its key.
   * @param actions without the service: `PutItem`
   * @param resource an ARN. Default the table's.
   */
  protected grantActions(grantee: IGrantable, actions: readonly string[], resource = this.table.tableArn): Grant {
    this.#key?.grantEncryptDecrypt(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [resource],
    });
  }
}
