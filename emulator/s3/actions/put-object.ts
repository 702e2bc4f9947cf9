import { hash } from 'node:crypto';
import type { Action } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { isObject } from '../../values.ts';
import type { S3State } from '../bucket.ts';
import { bucketOf, expirationHeader, keyOf, objectPermission } from '../bucket.ts';

/** Bytes of a key in UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const maxKeyBytes = 1024;

/** Header fields: names and values. */
const metadataOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([name, text]) => [name, String(text)]));

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
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
    return { ETag: etag, Expiration: expirationHeader(state, parameters) };
  },
});
