import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, bucketPermission } from '../bucket.ts';

export const headBucket = (state: S3State): Action => ({
  permissions: bucketPermission(state, 'ListBucket'),
  run: (parameters) => {
    bucketOf(state, parameters);
    return {};
  },
});
