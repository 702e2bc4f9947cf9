import type { Action } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { describe, objectOf, objectPermission } from '../bucket.ts';

export const getObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'GetObject'),
  run: (parameters) => {
    const object = objectOf(state, parameters);
    return { ...describe(object), Body: object.body };
  },
});
