import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { describe, readingPermission } from '../bucket.ts';

/** Needs the permission for GetObject. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject = (state: S3State): Action => ({
  permissions: readingPermission(state),
  run: (parameters) => describe(state, parameters),
});
