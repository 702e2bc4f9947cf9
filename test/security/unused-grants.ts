interface UnusedGrant {
  readonly role: RegExp;
  readonly action: RegExp;
  readonly reason: string;
}

/** Grants that the service does not use while the test drives it, and why they are there. */
export const unusedGrants: readonly UnusedGrant[] = [
  {
    role: /SchedulerRole/,
    action: /^states:StartExecution$/,
    reason: 'The schedule starts the cleanup, which the test starts itself; tests that move the clock see it run.',
  },
  {
    role: /ContinueDispatch/,
    action: /^states:StartExecution$/,
    reason: 'Only a dispatch that has used up its time is continued by another.',
  },
  {
    role: /Router/,
    action: /^kinesis:(?:DescribeStream|DescribeStreamSummary|ListShards)$/,
    reason:
      'Lambda finds the shards with them on AWS, as its documentation asks; the embedded runtime knows its shards.',
  },
  {
    role: /Router/,
    action: /^s3:(?:PutObject|ListBucket)$/,
    reason: 'Lambda keeps batches there that failed after all their retries; tests of the event source mapping see it.',
  },
];
