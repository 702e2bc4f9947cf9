import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';

/** Credentials that sign calls. The administrator's have no session token. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One AWS call over the JSON protocol: `{ service: 'sqs', target: 'AmazonSQS.ReceiveMessage', parameters }`. */
export interface AwsCall {
  readonly service: string;
  readonly target: string;
  readonly parameters: object;
}

/**
 * Makes calls with little work: `fetch`, and WebCrypto with a job of the thread pool for each hash, took as much CPU as the measured
 * service.
 */
export interface SignedCalls {
  /** @throws Error naming the call and its answer unless that is a success. */
  aws(credentials: Credentials, call: AwsCall): Promise<unknown>;
  /** GETs a path of the API. @throws Error naming the path and its answer unless that is a success. */
  get(path: string): Promise<unknown>;
  /** POSTs a JSON object to a path of the API. @throws Error like get */
  post(path: string, body: object): Promise<unknown>;
}

const region = 'us-east-1';
const hmac = (key: string | Buffer | KeyObject, text: string) => createHmac('sha256', key).update(text);

/** Signing keys that were derived: deriving one takes four times as long as signing. */
const derived = new Map<string, KeyObject>();

const signingKey = (secret: string, date: string, service: string): KeyObject => {
  const scope = `${secret}/${date}/${service}`;
  const known = derived.get(scope);
  if (known) return known;
  const bytes = [date, region, service, 'aws4_request'].reduce(
    (key, part) => hmac(key, part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  const key = createSecretKey(bytes);
  derived.set(scope, key);
  return key;
};

/** By Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const signedHeaders = (
  host: string,
  body: string,
  { credentials, service, target }: { credentials: Credentials } & AwsCall,
) => {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = {
    host,
    'x-amz-date': timestamp,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
    'x-amz-target': target,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${hash('sha256', body)}`;
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash('sha256', canonical)}`;
  const signature = hmac(signingKey(credentials.secretAccessKey, timestamp.slice(0, 8), service), toSign).digest('hex');
  const credential = `Credential=${credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
  };
};

/** Calls to the service at `url`, over connections that are kept. */
export const signedCalls = (url: string): SignedCalls => {
  const { host, hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });

  const ask = async (
    what: string,
    path: string,
    post?: { headers: OutgoingHttpHeaders; body: string },
  ): Promise<unknown> => {
    const asked = request({
      agent,
      hostname,
      port,
      path,
      method: post ? 'POST' : 'GET',
      ...(post && { headers: post.headers }),
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      asked.on('response', resolve).on('error', reject),
    );
    asked.end(post?.body);
    const answer = await answered;
    const text = await readText(answer);
    if (answer.statusCode !== 200) throw new Error(`${what} answered ${String(answer.statusCode)}: ${text}`);
    return JSON.parse(text);
  };

  return {
    aws: (credentials, call) => {
      const body = JSON.stringify(call.parameters);
      return ask(call.target, '/', { headers: signedHeaders(host, body, { credentials, ...call }), body });
    },
    get: (path) => ask(path, path),
    post: (path, parameters) => {
      const body = JSON.stringify(parameters);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      return ask(path, path, { headers, body });
    },
  };
};
