import type { Parameters, Permission } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';
import type { Bucket, S3State } from './bucket.ts';
import { bucketOf, bucketPermission } from './bucket.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const maxPageSize = 1000;

const pageLength = (value: unknown): number => {
  if (value === undefined) return maxPageSize;
  const length = Number(value);
  if (Number.isInteger(length) && length >= 0) return Math.min(length, maxPageSize);
  throw new AwsError('InvalidArgument', 'max-keys is a number of keys');
};

/** Keys sort by their UTF-8 bytes. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const nameOf = (key: string, prefix: string, delimiter: string): string => {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? key : key.slice(0, end + delimiter.length);
};

/** Keys and common prefixes after `start`, in order. */
const namesOf = ({ objects }: Bucket, parameters: Parameters, start: string): string[] => {
  const prefix = textOf(parameters['Prefix']);
  const delimiter = textOf(parameters['Delimiter']);
  const names = [...objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => nameOf(key, prefix, delimiter));
  return [...new Set(names)].filter((name) => start === '' || byBytes(name, start) > 0).sort(byBytes);
};

/** The permission for a listing, with its parameters as condition keys. */
export const listingPermission =
  (state: S3State) =>
  (parameters: Parameters): readonly Permission[] => {
    const { Prefix, Delimiter, MaxKeys } = parameters;
    const optional = (key: string, value: unknown) => (value === undefined ? {} : { [key]: textOf(value) });
    const context = {
      's3:max-keys': String(pageLength(MaxKeys)),
      ...optional('s3:prefix', Prefix),
      ...optional('s3:delimiter', Delimiter),
    };
    return bucketPermission(state, 'ListBucket')(parameters).map((permission) => ({ ...permission, context }));
  };

/** A page of a bucket's listing as both versions of the action answer it, and the name it ends with if there is more. */
export const listObjects = (state: S3State, parameters: Parameters, start: string) => {
  const bucket = bucketOf(state, parameters);
  const names = namesOf(bucket, parameters, start);
  const page = names.slice(0, pageLength(parameters['MaxKeys']));
  const last = page.at(-1);
  const truncated = last !== undefined && page.length < names.length;
  const encode = parameters['EncodingType'] === 'url' ? encodeURIComponent : (text: string) => text;
  const contents = page.flatMap((name) => {
    const object = bucket.objects.get(name);
    if (!object) return [];
    const { etag, modified, body } = object;
    const described = { LastModified: new Date(modified), ETag: etag, Size: body.length, StorageClass: 'STANDARD' };
    return [{ Key: encode(name), ...described }];
  });
  const answer = {
    Name: bucket.name,
    Prefix: encode(textOf(parameters['Prefix'])),
    Delimiter: parameters['Delimiter'],
    MaxKeys: pageLength(parameters['MaxKeys']),
    EncodingType: parameters['EncodingType'],
    IsTruncated: truncated,
    Contents: contents,
    CommonPrefixes: page.filter((name) => !bucket.objects.has(name)).map((name) => ({ Prefix: encode(name) })),
  };
  return { answer, length: page.length, next: truncated ? last : undefined, encode };
};
