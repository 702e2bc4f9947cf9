import { hash } from 'node:crypto';
import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, keyOf, objectPermission } from '../bucket.ts';

/** S3's own limit for a key, in bytes of UTF-8. */
const maxKeyBytes = 1024;

export const putObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'PutObject'),
  run: (parameters) => {
    const { Body = '', ContentType, Metadata } = parameters;
    const bucket = bucketOf(state, parameters);
    const key = keyOf(parameters);
    if (Buffer.byteLength(key) > maxKeyBytes) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const body = typeof Body === 'string' ? Buffer.from(Body) : Buffer.from(Body as Uint8Array);
    const etag = `"${hash('md5', body)}"`;
    bucket.objects.set(key, {
      body,
      etag,
      modified: state.now(),
      contentType: typeof ContentType === 'string' ? ContentType : 'binary/octet-stream',
      metadata: (Metadata ?? {}) as Readonly<Record<string, string>>,
    });
    return { ETag: etag };
  },
});
