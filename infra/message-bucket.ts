import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { messageFolders } from '../functions/aws/environment.ts';

export interface MessageBucketProps {
  /** The key of the user's that encrypts it; undefined for S3's own. */
  readonly encryptionKey: IKey | undefined;
  /** What becomes of it when the stack goes. With DESTROY it must be empty. */
  readonly removalPolicy: RemovalPolicy;
}

const { messages, deadLetters } = messageFolders;

/**
 * The bodies of messages too large to travel through the dispatch machine, whose inputs and outputs end at 256 KiB: the machine
 * carries their ids. An object is needed while one dispatch runs and expires after a day. The body of a dead letter that is too large
 * for SQS is there for longer than the undelivered queue keeps the dead letter, which is 14 days.
 */
export class MessageBucket extends Construct {
  readonly bucket: Bucket;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryptionKey, removalPolicy }: MessageBucketProps) {
    super(scope, id);
    this.#key = encryptionKey;
    this.bucket = new Bucket(this, 'Bucket', {
      // With a key of the bucket, S3 calls KMS once in a while and not for each object.
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { prefix: messages, expiration: Duration.days(1) },
        { prefix: deadLetters, expiration: Duration.days(15) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy,
    });
    this.bucket.policy?.applyRemovalPolicy(removalPolicy);
  }

  grantStore(grantee: IGrantable): Grant {
    this.#key?.grantEncrypt(grantee);
    return this.#grant(grantee, 's3:PutObject', this.bucket.arnForObjects(`${messages}*`));
  }

  /** Who may list the bucket learns that an object does not exist; for others it is one that they may not read. */
  grantFetch(grantee: IGrantable): Grant {
    this.#key?.grantDecrypt(grantee);
    this.#grant(grantee, 's3:ListBucket', this.bucket.bucketArn);
    return this.#grant(grantee, 's3:GetObject', this.bucket.arnForObjects(`${messages}*`));
  }

  /** Lets it read bodies, and keep those of dead letters. */
  grantDeadLetters(grantee: IGrantable): Grant {
    this.grantFetch(grantee);
    this.#key?.grantEncrypt(grantee);
    return this.#grant(grantee, 's3:PutObject', this.bucket.arnForObjects(`${deadLetters}*`));
  }

  #grant(grantee: IGrantable, action: string, resource: string): Grant {
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource] });
  }
}
