import { hex, hmac, sha256Hex, utf8 } from './sha256.ts';

/** Temporary credentials of a session, under the names a session description has them. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
}

/** The signing key of the last call. It is the same for all calls of a day with the same credentials. */
let lastKey = { source: '', key: utf8('') };

const signingKey = (secretKey: string, scope: readonly string[]): Uint8Array => {
  const source = [secretKey, ...scope].join();
  if (source !== lastKey.source) lastKey = { source, key: scope.reduce(hmac, utf8(`AWS4${secretKey}`)) };
  return lastKey.key;
};

/**
 * The Authorization header of a POST to `/` of SQS, by Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Works at once, without a
 * promise, so that a closing page can still send.
 * @param headers all to be signed, in lower case and alphabetical order, `host` and `x-amz-date` among them.
 */
export const authorization = (
  headers: Readonly<Record<'host' | 'x-amz-date', string>>,
  body: string,
  region: string,
  { accessKey, secretKey }: Credentials,
): string => {
  const algorithm = 'AWS4-HMAC-SHA256';
  const date = headers['x-amz-date'];
  const scope = [date.slice(0, 8), region, 'sqs', 'aws4_request'];
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map((header) => header.join(':'));
  const canonical = ['POST', '/', '', ...lines, '', names, sha256Hex(body)].join('\n');
  const toSign = [algorithm, date, scope.join('/'), sha256Hex(canonical)].join('\n');
  const signature = hex(hmac(signingKey(secretKey, scope), toSign));
  return `${algorithm} Credential=${accessKey}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`;
};
