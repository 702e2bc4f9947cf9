import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import type { Bucket, S3State } from '../bucket.ts';
import { bucketOf, bucketPermission } from '../bucket.ts';

const longestPage = 1000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const pageLength = (value: unknown): number => {
  if (value === undefined) return longestPage;
  const length = Number(value);
  if (Number.isInteger(length) && length >= 0) return Math.min(length, longestPage);
  throw new AwsError('InvalidArgument', 'max-keys is a number of keys');
};

/** Tokens hide the last name of a page, so that nobody builds them. */
const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');

const startOf = ({ ContinuationToken, StartAfter }: Parameters): string =>
  ContinuationToken === undefined ? textOf(StartAfter) : Buffer.from(textOf(ContinuationToken), 'base64url').toString();

/** Keys sort by their UTF-8 bytes. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const nameOf = (key: string, prefix: string, delimiter: string): string => {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? key : key.slice(0, end + delimiter.length);
};

/** Keys and common prefixes after the start, in order. */
const namesOf = ({ objects }: Bucket, parameters: Parameters): string[] => {
  const prefix = textOf(parameters['Prefix']);
  const delimiter = textOf(parameters['Delimiter']);
  const start = startOf(parameters);
  const names = [...objects.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => nameOf(key, prefix, delimiter));
  return [...new Set(names)].filter((name) => start === '' || byBytes(name, start) > 0).sort(byBytes);
};

export const listObjectsV2 = (state: S3State): Action => ({
  permissions: (parameters) => {
    const context = { 's3:max-keys': String(pageLength(parameters['MaxKeys'])) };
    const optional = (key: string, value: unknown) => (value === undefined ? {} : { [key]: textOf(value) });
    const { Prefix, Delimiter } = parameters;
    return bucketPermission(
      state,
      'ListBucket',
    )(parameters).map((permission) => ({
      ...permission,
      context: { ...context, ...optional('s3:prefix', Prefix), ...optional('s3:delimiter', Delimiter) },
    }));
  },
  run: (parameters) => {
    const bucket = bucketOf(state, parameters);
    const names = namesOf(bucket, parameters);
    const page = names.slice(0, pageLength(parameters['MaxKeys']));
    const last = page.at(-1);
    const truncated = last !== undefined && page.length < names.length;
    const encode = parameters['EncodingType'] === 'url' ? encodeURIComponent : (text: string) => text;
    const contents = page.flatMap((name) => {
      const object = bucket.objects.get(name);
      return object
        ? [
            {
              Key: encode(name),
              LastModified: new Date(object.modified),
              ETag: object.etag,
              Size: object.body.length,
              StorageClass: 'STANDARD',
            },
          ]
        : [];
    });
    return {
      Name: bucket.name,
      Prefix: encode(textOf(parameters['Prefix'])),
      Delimiter: parameters['Delimiter'],
      MaxKeys: pageLength(parameters['MaxKeys']),
      EncodingType: parameters['EncodingType'],
      KeyCount: page.length,
      IsTruncated: truncated,
      NextContinuationToken: truncated ? tokenOf(last) : undefined,
      Contents: contents,
      CommonPrefixes: page.filter((name) => !bucket.objects.has(name)).map((name) => ({ Prefix: encode(name) })),
    };
  },
});
