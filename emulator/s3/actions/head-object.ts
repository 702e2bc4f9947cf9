import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { describe, objectOf, objectPermission } from '../bucket.ts';

/** Asks for the permission of GetObject, as S3 does. */
export const headObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'GetObject'),
  run: (parameters) => describe(objectOf(state, parameters)),
});
