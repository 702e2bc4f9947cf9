import { hash } from 'node:crypto';
import { open, readElements, type ClientOptions, type S3Client, type Service } from './clients.ts';

/** Keys keep their slashes; every other character that a URL reserves is encoded, as it is signed. */
const pathOf = (key: string): string =>
  `/${encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)}`;

/** The input of an action; nothing in the request that opening a client makes of nobody. */
interface ObjectRequest {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly Body?: string;
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectOps.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const s3: Service = {
  ...{ name: 's3', variable: 'S3' },
  ask: (action, { Bucket: bucket, Key: key = '', Body: body = '' }: ObjectRequest) => ({
    ...{ method: action === 'PutObject' ? 'PUT' : 'GET', bucket, path: pathOf(key), body },
    headers: { ...(body && { 'content-type': 'application/json' }), 'x-amz-content-sha256': hash('sha256', body) },
  }),
  readAnswer: (Body) => ({ Body }),
  readCodes: ({ text }) => [readElements(text)['Code']],
};

/** A client that has four seconds for an object, which may be a megabyte, and makes a call twice. */
export const openS3 = (options: ClientOptions = {}): S3Client =>
  open(s3, { timeouts: { connectionTimeout: 1000, requestTimeout: 4000 }, ...options });
