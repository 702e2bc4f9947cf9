import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets = ({ buckets }: S3State): Action => ({
  permissions: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run: () => ({
    Buckets: {
      Bucket: [...buckets.values()].map(({ name, created }) => ({ Name: name, CreationDate: new Date(created) })),
    },
  }),
});
