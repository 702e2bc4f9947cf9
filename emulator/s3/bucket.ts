import type { Permission, PolicyDocument } from '../service.ts';
import { AwsError } from '../service.ts';
import type { EpochMilliseconds } from '../clock.ts';
import { day, expirationOf, type ExpirationRule } from './lifecycle.ts';

export interface StoredObject {
  readonly body: Buffer;
  /** The MD5 of the body in quotes. */
  readonly etag: string;
  readonly modified: EpochMilliseconds;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Bucket {
  readonly name: string;
  readonly created: EpochMilliseconds;
  readonly objects: Map<string, StoredObject>;
  policy: PolicyDocument | undefined;
  readonly rules: readonly ExpirationRule[];
  /** The midnight up to which expired objects have been deleted. */
  expired: EpochMilliseconds;
}

/** The state that the actions of Amazon S3 share. */
export interface S3State {
  readonly buckets: Map<string, Bucket>;
  readonly now: () => EpochMilliseconds;
}

const requiredText = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value;
  throw new AwsError('InvalidRequest', `The request must contain ${name}`);
};

/** Deletes what has expired. Objects expire at midnight, so that once a day is enough. */
const expire = (bucket: Bucket, now: EpochMilliseconds): Bucket => {
  const midnight = Math.floor(now / day) * day;
  if (bucket.rules.length === 0 || bucket.expired === midnight) return bucket;
  for (const [key, { modified }] of bucket.objects) {
    if ((expirationOf(key, modified, bucket.rules)?.time ?? Infinity) <= midnight) bucket.objects.delete(key);
  }
  bucket.expired = midnight;
  return bucket;
};

/** @throws AwsError NoSuchBucket */
export const bucketOf = ({ buckets, now }: S3State, parameters: Readonly<Record<string, unknown>>): Bucket => {
  const bucket = buckets.get(requiredText(parameters['Bucket'], 'Bucket'));
  if (bucket) return expire(bucket, now());
  throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
};

export const keyOf = (parameters: Readonly<Record<string, unknown>>): string => requiredText(parameters['Key'], 'Key');

/** @throws AwsError NoSuchKey */
export const objectOf = (state: S3State, parameters: Readonly<Record<string, unknown>>): StoredObject => {
  const object = bucketOf(state, parameters).objects.get(keyOf(parameters));
  if (object) return object;
  throw new AwsError('NoSuchKey', 'The specified key does not exist.');
};

/** The permission for a call on an object. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const objectPermission =
  ({ buckets }: S3State, action: string) =>
  (parameters: Readonly<Record<string, unknown>>) => {
    const bucket = requiredText(parameters['Bucket'], 'Bucket');
    const resource = `arn:aws:s3:::${bucket}/${keyOf(parameters)}`;
    return [{ action: `s3:${action}`, resource, resourcePolicy: buckets.get(bucket)?.policy }];
  };

/**
 * The permissions for reading an object. Without s3:ListBucket a caller does not learn that there is no such object.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const readingPermission =
  (state: S3State) =>
  (parameters: Readonly<Record<string, unknown>>): readonly Permission[] => {
    const isMissing =
      state.buckets.has(requiredText(parameters['Bucket'], 'Bucket')) &&
      !bucketOf(state, parameters).objects.has(keyOf(parameters));
    return [
      ...objectPermission(state, 'GetObject')(parameters),
      ...(isMissing ? bucketPermission(state, 'ListBucket')(parameters) : []),
    ];
  };

/** The permission for a call on a bucket. */
export const bucketPermission =
  ({ buckets }: S3State, action: string) =>
  (parameters: Readonly<Record<string, unknown>>) => {
    const bucket = requiredText(parameters['Bucket'], 'Bucket');
    return [
      { action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}`, resourcePolicy: buckets.get(bucket)?.policy },
    ];
  };

/** The header x-amz-expiration. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_ResponseSyntax */
export const expirationHeader = (state: S3State, parameters: Readonly<Record<string, unknown>>): string | undefined => {
  const { modified } = objectOf(state, parameters);
  const expiration = expirationOf(keyOf(parameters), modified, bucketOf(state, parameters).rules);
  return expiration && `expiry-date="${new Date(expiration.time).toUTCString()}", rule-id="${expiration.rule}"`;
};

/** Metadata of an object as Get and Head answer it. */
export const describe = (state: S3State, parameters: Readonly<Record<string, unknown>>) => {
  const { body, etag, modified, contentType, metadata } = objectOf(state, parameters);
  return {
    ContentLength: body.length,
    ContentType: contentType,
    ETag: etag,
    Expiration: expirationHeader(state, parameters),
    LastModified: new Date(modified),
    Metadata: metadata,
  };
};
