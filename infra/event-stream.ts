import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamConsumer, StreamEncryption, StreamMode, type IStream } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { TaskFunction } from './task-function.ts';

export interface EventStreamProps {
  /** A stream to read instead of making one. */
  readonly existing: IStream | undefined;
  readonly mode: 'ON_DEMAND' | 'PROVISIONED';
  /** Only with PROVISIONED. */
  readonly shardCount: number;
  /** Batches of one shard that are dispatched at once. */
  readonly parallelizationFactor: number;
  /** Whether Lambda reads the stream as a consumer with enhanced fan-out. */
  readonly enhancedFanOut: boolean;
  /** The name of that consumer, which a stream can have once. */
  readonly consumerName: string;
  /** What becomes of failed batches when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}

/** What Lambda needs of a stream it polls: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const streamReading = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
  (action) => `kinesis:${action}`,
);

/** The stream producers put messages on, and the bucket for batches that could not be routed. */
export class EventStream extends Construct {
  readonly stream: IStream;
  readonly failedBatches: Bucket;
  readonly #props: EventStreamProps;

  constructor(scope: Construct, id: string, props: EventStreamProps) {
    super(scope, id);
    this.#props = props;
    this.stream = props.existing ?? this.#makeStream(props);
    // A bucket, because it is the only destination that gets the records themselves.
    this.failedBatches = new Bucket(this, 'FailedBatches', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: props.removalPolicy,
    });
    this.failedBatches.policy?.applyRemovalPolicy(props.removalPolicy);
  }

  /** Runs the router on what is put on the stream; returns the mapping for its metrics. */
  deliverTo(router: TaskFunction): EventSourceMapping {
    this.#letLambdaReadAndSetAside(router);
    return new EventSourceMapping(this, 'Mapping', {
      target: router.function,
      eventSourceArn: this.#props.enhancedFanOut ? this.#consumerArn(router) : this.stream.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // The more records in a batch, the fewer calls per queue. No window: Lambda reads a shard once a second as it is.
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(0),
      // With one batch of a shard at a time no message overtakes another; with more, none of the same partition key.
      parallelizationFactor: this.#props.parallelizationFactor,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 5,
      // Older records are set aside, so that a shard is never blocked for a day.
      maxRecordAge: Duration.hours(1),
      onFailure: { bind: () => ({ destination: this.failedBatches.bucketArn }) },
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }

  #makeStream({ mode, shardCount }: EventStreamProps): Stream {
    return new Stream(this, 'Stream', {
      streamMode: mode === 'PROVISIONED' ? StreamMode.PROVISIONED : StreamMode.ON_DEMAND,
      ...(mode === 'PROVISIONED' && { shardCount }),
      // There is no key that AWS owns for streams; of those there are, only the managed one is free. Calls of it are billed:
      // https://docs.aws.amazon.com/streams/latest/dev/costs-performance.html
      encryption: StreamEncryption.MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Registers a consumer with throughput of its own. Lambda subscribes to shards as the function's role. */
  #consumerArn(grantee: TaskFunction): string {
    const { streamConsumerArn } = new StreamConsumer(this, 'Consumer', {
      streamConsumerName: this.#props.consumerName,
      stream: this.stream,
    });
    Grant.addToPrincipal({ grantee, actions: ['kinesis:SubscribeToShard'], resourceArns: [streamConsumerArn] });
    return streamConsumerArn;
  }

  /** Lambda reads the stream, and writes failed batches, as the function's role. */
  #letLambdaReadAndSetAside(grantee: TaskFunction): void {
    Grant.addToPrincipal({ grantee, actions: streamReading, resourceArns: [this.stream.streamArn] });
    this.stream.encryptionKey?.grantDecrypt(grantee);
    const { bucketArn } = this.failedBatches;
    const objects = this.failedBatches.arnForObjects('*');
    Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [objects] });
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucketArn] });
  }
}
