import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { describe, objectOf, readingPermission } from '../bucket.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject = (state: S3State): Action => ({
  permissions: readingPermission(state),
  run: (parameters) => ({ ...describe(state, parameters), Body: objectOf(state, parameters).body }),
});
