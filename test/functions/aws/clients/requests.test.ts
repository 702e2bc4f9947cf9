import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { settings, startAnsweringServer, type Arrived } from './answering-server.ts';
import { calls } from './calls.ts';

const server = await startAnsweringServer();
const { endpoint } = server;
const sdkOptions = { ...settings, endpoint, disableHostPrefix: true };
/** The variables in which a function finds that it runs in Lambda, and which request it works for. */
const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'f', _X_AMZN_TRACE_ID: 'Root=1-0;Parent=0;Sampled=1' };

afterEach(() => {
  server.answer({});
  for (const name of Object.keys(lambda)) Reflect.deleteProperty(process.env, name);
});

afterAll(() => server.stop());

const onlyArrived = (): Arrived => {
  const [request, ...more] = server.arrived.splice(0);
  if (!request || more.length > 0) throw new Error(`${more.length + (request ? 1 : 0)} requests arrived, not one`);
  return request;
};

/** What a request says, but for the signature, and for the name of S3's actions that the SDK adds. */
const said = ({ method, url, headers, body }: Arrived) => ({
  ...{ method, url: url?.replace(/\?x-id=\w+$/, '') },
  contentType: headers['content-type']?.replace('; charset=utf-8', ''),
  target: headers['x-amz-target'],
  queryMode: headers['x-amzn-query-mode'],
  token: headers['x-amz-security-token'],
  trace: headers['x-amzn-trace-id'],
  isSigned: 'authorization' in headers,
  body: body.startsWith('{') ? (JSON.parse(body) as unknown) : [...new URLSearchParams(body)].toSorted(),
});

/** The AWS SDK's signer hashes with what it is given. */
class Sha256 {
  readonly #hash: { update(data: string | Uint8Array): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === 'string' || secret === undefined ? secret : Buffer.from(bytesOf(secret));
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('It is used once');
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  'buffer' in data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

/** What the signer adds by itself, and what Node adds. */
const isAdded = /^(authorization|connection|x-amz-date|x-amz-security-token)$/;

/** The signature that the AWS SDK's signer gives to a request that has arrived. */
const signatureBySdk = async (
  { method = '', url: path = '', headers, body }: Arrived,
  service: string,
): Promise<string | undefined> => {
  const { 'x-amz-date': date = '' } = headers;
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: S3 does not encode a path twice.
  const options = { sha256: Sha256, applyChecksum: false, uriEscapePath: service !== 's3' };
  const signer = new SignatureV4({ ...settings, ...options, service });
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(date))?.map(Number) ?? [];
  const [year = 0, month = 0, ...rest] = parts;
  const signedHeaders = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (isAdded.test(name) ? [] : [[name, String(value)]])),
  );
  const request = { method, protocol: 'http:', hostname: '127.0.0.1', path, headers: signedHeaders, body };
  const result = await signer.sign(request, { signingDate: new Date(Date.UTC(year, month - 1, ...rest)) });
  return result.headers['authorization'];
};

const serviceOf = (authorization: string): string => authorization.split('/')[3] ?? '';

describe.each(calls)('$action', ({ ours, sdk }) => {
  test('is the request that the AWS SDK sends', async () => {
    Object.assign(process.env, lambda);
    await ours({ ...settings, endpoint });
    const request = said(onlyArrived());
    await sdk(sdkOptions).catch(() => undefined);
    expect(request).toEqual(said(onlyArrived()));
  });

  test('has the signature that the AWS SDK gives it', async () => {
    await ours({ ...settings, endpoint, now: () => Date.parse('2026-01-31T23:59:59.999Z') });
    const request = onlyArrived();
    const { authorization } = request.headers;
    const expected = authorization === undefined ? undefined : await signatureBySdk(request, serviceOf(authorization));
    expect(authorization).toBe(expected);
  });
});
