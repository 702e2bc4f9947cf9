import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, keyOf, objectPermission } from '../bucket.ts';

/** What is gone already counts as deleted. */
export const deleteObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'DeleteObject'),
  run: (parameters) => {
    bucketOf(state, parameters).objects.delete(keyOf(parameters));
    return {};
  },
});
