import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, keyOf, objectPermission } from '../bucket.ts';

/** An object that does not exist counts as deleted. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'DeleteObject'),
  run: (parameters) => {
    bucketOf(state, parameters).objects.delete(keyOf(parameters));
    return {};
  },
});
