/** Grants that no call of a whole run of the tests uses, and why they are there. */
export const neverUsed: readonly { readonly is: RegExp; readonly reason: string }[] = [
  {
    is: /Router\S* kinesis:(?:DescribeStream|DescribeStreamSummary|ListShards) /,
    reason: 'Lambda lists the shards with it on AWS, as its documentation asks; the emulator knows its shards.',
  },
  {
    is: /(?:RouteMessages|DeliverBatch|SendDeadLetters)\S* s3:ListBucket /,
    reason:
      'No call is made with it. Without it S3 answers AccessDenied, and not NoSuchKey, for a body that is no longer kept.',
  },
  {
    is: /Router\S* s3:ListBucket /,
    reason: 'Lambda asks for it when failed batches go to a bucket; the emulator only puts them there.',
  },
];
