import { signedService } from '../access/signature/read-signature.ts';
import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { decodeChunks } from './aws-chunked.ts';
import type { Exchange, Protocol, Refusal } from './exchange.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { element, elements } from './xml.ts';

const notImplemented = (what: string) => new AwsError('NotImplemented', `The emulator does not support ${what}`);

interface Address {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
};

/** The bucket is the path's first segment, or the host's first label before `localhost`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
const addressOf = (request: HttpRequest): Address => {
  const [, hostBucket] = /^(.+)\.localhost(?::\d+)?$/.exec(request.headers.host ?? '') ?? [];
  const path = hostBucket === undefined ? request.path : `/${hostBucket}${request.path}`;
  const [, bucket = '', ...rest] = path.split('/');
  const key = rest.join('/');
  return { bucket: bucket === '' ? undefined : decode(bucket), key: key === '' ? undefined : decode(key) };
};

/** Query parameters with which a request still is the plain action of its method. */
const harmless = new Set(['x-id', 'list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after']);
const alsoHarmless = new Set(['encoding-type', 'fetch-owner', 'marker']);
const isHarmless = (name: string) => harmless.has(name) || alsoHarmless.has(name) || name.startsWith('X-Amz-');

const unsupportedHeaders = [
  ...['range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'],
  ...['x-amz-copy-source', 'x-amz-acl', 'x-amz-tagging', 'x-amz-server-side-encryption'],
];

const checkPlain = (request: HttpRequest, query: URLSearchParams): void => {
  const parameter = [...query.keys()].find((name) => !isHarmless(name));
  if (parameter !== undefined) throw notImplemented(`the query parameter ${parameter} of Amazon S3`);
  const header = unsupportedHeaders.find((name) => request.headers[name] !== undefined);
  if (header !== undefined) throw notImplemented(`the header ${header} of Amazon S3`);
};

const objectActions: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

const actionOf = ({ method }: HttpRequest, { bucket, key }: Address, query: URLSearchParams): string => {
  if (key !== undefined) return objectActions[method] ?? `${method} of an object`;
  if (bucket === undefined) return method === 'GET' ? 'ListBuckets' : `${method} of the service`;
  if (method === 'HEAD') return 'HeadBucket';
  if (method !== 'GET') return `${method} of a bucket`;
  return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
};

const contentOf = (request: HttpRequest): Buffer => {
  const stated = request.headers['x-amz-content-sha256'];
  if (typeof stated !== 'string' || !stated.startsWith('STREAMING-')) return request.body;
  if (stated === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return decodeChunks(request.body);
  throw notImplemented(`chunks that are signed (${stated})`);
};

const metadataOf = (request: HttpRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name.slice('x-amz-meta-'.length), value]] : [],
    ),
  );

const listParameters = (query: URLSearchParams): Parameters => {
  const text = (name: string) => query.get(name) ?? undefined;
  return {
    Prefix: text('prefix'),
    Delimiter: text('delimiter'),
    MaxKeys: text('max-keys'),
    ContinuationToken: text('continuation-token'),
    StartAfter: text('start-after'),
    Marker: text('marker'),
    EncodingType: text('encoding-type'),
  };
};

const objectHeaders = (output: Readonly<Record<string, unknown>>): Record<string, string> => {
  const { ContentType, ContentLength, ETag, Expiration, LastModified, Metadata } = output;
  const headers: Record<string, string> = {};
  if (typeof ContentType === 'string') headers['content-type'] = ContentType;
  if (typeof ContentLength === 'number') headers['content-length'] = String(ContentLength);
  if (typeof ETag === 'string') headers['etag'] = ETag;
  if (typeof Expiration === 'string') headers['x-amz-expiration'] = Expiration;
  if (LastModified instanceof Date) headers['last-modified'] = LastModified.toUTCString();
  for (const [name, value] of Object.entries(Metadata ?? {})) headers[`x-amz-meta-${name}`] = String(value);
  return headers;
};

const xml = (name: string, output: object) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${elements(output)}</${name}>`;

const listings: Readonly<Record<string, string>> = {
  ListObjects: 'ListBucketResult',
  ListObjectsV2: 'ListBucketResult',
  ListBuckets: 'ListAllMyBucketsResult',
};

const write = (action: string, output: Readonly<Record<string, unknown>>): HttpResponse => {
  const listing = listings[action];
  if (listing !== undefined) {
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: xml(listing, output) };
  }
  const { Body } = output;
  const body = Body instanceof Uint8Array ? Buffer.from(Body.buffer, Body.byteOffset, Body.length) : '';
  return { status: action === 'DeleteObject' ? 204 : 200, headers: objectHeaders(output), body };
};

const refuse = (request: HttpRequest, { code, message, status }: Refusal): HttpResponse => {
  const error = { Code: code, Message: message, Resource: request.path, RequestId: request.requestId };
  const body = request.method === 'HEAD' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', error)}`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
};

/**
 * Amazon S3's REST protocol. A request with a signature for `s3` has it, and no other.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const s3Rest: Protocol = (request): Exchange | undefined => {
  if (signedService(request) !== 's3') return undefined;
  const query = new URLSearchParams(request.query);
  const address = addressOf(request);
  const action = actionOf(request, address, query);
  return {
    service: 's3',
    action,
    parameters: () => {
      checkPlain(request, query);
      const { bucket, key } = address;
      const named = { ...(bucket === undefined ? {} : { Bucket: bucket }), ...(key === undefined ? {} : { Key: key }) };
      if (action.startsWith('ListObjects')) return { ...named, ...listParameters(query) };
      if (action !== 'PutObject') return named;
      const type = request.headers['content-type'];
      return { ...named, Body: contentOf(request), Metadata: metadataOf(request), ContentType: type };
    },
    answer: (output) => write(action, { ...output }),
    refuse: (error) => refuse(request, error),
  };
};
