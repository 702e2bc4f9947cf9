import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, bucketPermission } from '../bucket.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket = (state: S3State): Action => ({
  permissions: bucketPermission(state, 'ListBucket'),
  run: (parameters) => {
    bucketOf(state, parameters);
    return {};
  },
});
