import { hash } from 'node:crypto';
import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { isObject } from '../../values.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, keyOf, objectPermission } from '../bucket.ts';

/** S3's own limit for a key, in bytes of UTF-8. */
const maxKeyBytes = 1024;

/** Header fields: names and texts. */
const metadataOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([name, text]) => [name, String(text)]));

export const putObject = (state: S3State): Action => ({
  permissions: objectPermission(state, 'PutObject'),
  run: (parameters) => {
    const { Body = '', ContentType, Metadata } = parameters;
    const bucket = bucketOf(state, parameters);
    const key = keyOf(parameters);
    if (Buffer.byteLength(key) > maxKeyBytes) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const body = typeof Body === 'string' || Body instanceof Uint8Array ? Buffer.from(Body) : Buffer.alloc(0);
    const etag = `"${hash('md5', body)}"`;
    bucket.objects.set(key, {
      body,
      etag,
      modified: state.now(),
      contentType: typeof ContentType === 'string' ? ContentType : 'binary/octet-stream',
      metadata: metadataOf(Metadata),
    });
    return { ETag: etag };
  },
});
