/**
 * The region in a host's name: the label that looks like one, in any partition and of any form of an endpoint: `sqs.<region>.…`,
 * `<region>.queue.…`, `vpce-….sqs.<region>.vpce.…`. The queue's host without a region is us-east-1's.
 * https://docs.aws.amazon.com/general/latest/gr/sqs-service.html; names of regions by partition, such as `eusc-de-east-1`
 * and `us-isob-east-1`: https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 */
export const regionOf = (host: string): string =>
  host.split('.').find((label) => /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(label)) ?? 'us-east-1';
