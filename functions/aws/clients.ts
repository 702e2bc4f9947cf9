import type { request as Send, RequestOptions } from 'node:http';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import aws4 from 'aws4';
import type * as types from './client-types.ts';
import type { Answer, ClientOptions, Connections, Protocol, Service, Timeouts } from './client-types.ts';
import { environmentCredentials, locateService, traceHeader } from './environment.ts';
import { AwsError, failureOf } from './errors.ts';

export type * from './client-types.ts';

/** Not imported: an import reads all that node:http exports, WebSocket too, and so loads undici. https://github.com/nodejs/node/issues/59686 */
const { Agent, request } = process.getBuiltinModule('node:http');
const { Agent: SecureAgent, request: secureRequest } = process.getBuiltinModule('node:https');

/**
 * Two attempts of two seconds fit into the five a function has, so that a service that hangs becomes an
 * UpstreamUnavailable and not a killed function.
 */
const defaultTimeouts: Timeouts = { connectionTimeout: 1000, requestTimeout: 2000 };

/** For large batches to many queues: a megabyte takes longer than the attributes of a queue. */
const batchTimeouts: Timeouts = { connectionTimeout: 3000, requestTimeout: 8000 };

/** An Express execution lasts at most five minutes; its answer is waited for a little longer. */
const executionTimeouts: Timeouts = { connectionTimeout: 1000, requestTimeout: 305_000 };

const readJson = (text: string): unknown => JSON.parse(text);

const parseJson = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value = readJson(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** `com.amazonaws.sqs#QueueDoesNotExist`, or `ValidationException:http://…` in a header. */
const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.replace(/^[^:,]*#/, '').replace(/[:,].*$/s, '') : undefined;

/**
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html; SQS has the codes of its older protocol besides:
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
const jsonProtocol = (version: '1.0' | '1.1', target: string, isQueryCompatible = false): Protocol => ({
  ask: (action, input) => ({
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': `${target}.${action}`,
      ...(isQueryCompatible && { 'x-amzn-query-mode': 'true' }),
    },
    body: JSON.stringify(input),
  }),
  readAnswer: (text) => (text === '' ? {} : readJson(text)),
  readCodes: ({ headers, text }) => {
    const { __type: type, code } = parseJson(text);
    const query = headers['x-amzn-query-error'];
    const queryCode = typeof query === 'string' ? query.split(';')[0] : undefined;
    return [codeOf(headers['x-amzn-errortype'] ?? type ?? code), queryCode];
  },
});

/** The elements of XML that hold a text. */
export const readElements = (text: string): Partial<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/<(\w+)>([^<>&]*)<\/\1>/g)].map(([, name = '', value]) => [name, value]));

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
const queryProtocol = (version: string): Protocol => ({
  ask: (Action, input: object) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action, Version: version, ...input }).toString(),
  }),
  readAnswer: readElements,
  readCodes: ({ text }) => [readElements(text)['Code']],
});

// "This is a public API" (GetId, GetOpenIdToken), "does not require the use of Amazon Web Services security credentials"
// (AssumeRoleWithWebIdentity) in the API references.
const cognito: Service = {
  ...{ name: 'cognito-identity', variable: 'COGNITO_IDENTITY', unsigned: ['GetId', 'GetOpenIdToken'] },
  ...jsonProtocol('1.1', 'AWSCognitoIdentityService'),
};
const dynamoDb: Service = { name: 'dynamodb', variable: 'DYNAMODB', ...jsonProtocol('1.0', 'DynamoDB_20120810') };
const sqs: Service = { name: 'sqs', variable: 'SQS', ...jsonProtocol('1.0', 'AmazonSQS', true) };
const sts: Service = {
  ...{ name: 'sts', variable: 'STS', unsigned: ['AssumeRoleWithWebIdentity'] },
  ...queryProtocol('2011-06-15'),
};
const stepFunctions: Service = {
  ...{ name: 'states', variable: 'SFN', hostPrefixes: { StartSyncExecution: 'sync-' } },
  ...jsonProtocol('1.0', 'AWSStepFunctions'),
};

const timeoutError = (what: string, milliseconds: number): Error =>
  Object.assign(new Error(`${what} took more than ${milliseconds} ms`), { name: 'TimeoutError' });

/** Sends a request and reads its answer. @throws an error of Node's network, a TimeoutError or an AbortError */
export const exchange = (
  send: typeof Send,
  options: RequestOptions,
  body: string,
  { connectionTimeout, requestTimeout }: Timeouts,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const limit = (what: string, milliseconds: number): void => {
      timers.push(setTimeout(() => sent.destroy(timeoutError(what, milliseconds)), milliseconds));
    };
    const fail = (error: Error): void => {
      timers.forEach(clearTimeout);
      reject(error);
    };
    const sent = send(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (text += part));
      answer.on('error', fail);
      answer.on('end', () => {
        timers.forEach(clearTimeout);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    sent.on('error', fail);
    sent.on('socket', (socket) => {
      if (!socket.connecting) return;
      limit('A connection', connectionTimeout);
      const timer = timers.at(-1);
      socket.once('connect', () => {
        clearTimeout(timer);
      });
    });
    limit('A call', requestTimeout);
    sent.end(body);
  });

/** A connection on which a request is answered at once with an empty JSON object, and nothing leaves the process. */
const connectToNobody = (): Duplex => {
  let isAnswered = false;
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      if (!isAnswered) this.push('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}');
      isAnswered = true;
      done();
    },
  });
};

/** Has connections to nobody. */
export class RehearsalAgent extends Agent {
  override createConnection(): Duplex {
    return connectToNobody();
  }
}

/** What all clients have in common. `never` stands for the answer's type, which depends on the action. */
interface Client extends Connections {
  readonly call: (action: string, input: object, signal?: AbortSignal) => Promise<never>;
}

/** How a request gets to a service and its answer back. */
interface Transport {
  readonly send: typeof Send;
  readonly agent: InstanceType<typeof Agent>;
}

/**
 * A request that a client makes of nobody when it is opened. What a first request costs, some 8 ms of CPU for what is compiled and
 * set up, is then paid for while Lambda loads the function, which has a whole CPU, and not by the first invocation, which has a seventh.
 */
const rehearsal = (): Transport => ({ send: request, agent: new RehearsalAgent() });

/** A client of a service. @throws Error when the environment has no Region */
export const open = (service: Service, options: ClientOptions): Client => {
  const { maxSockets = 50, maxAttempts = 2, timeouts = defaultTimeouts, credentials, now = () => Date.now() } = options;
  const { region, url, isConfigured } = locateService(service, options);
  const isSecure = url.protocol === 'https:';
  const toService: Transport = {
    send: isSecure ? secureRequest : request,
    agent: new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets }),
  };
  const prefixOf = (action: string, bucket?: string): string =>
    isConfigured ? '' : bucket ? `${bucket}.` : (service.hostPrefixes?.[action] ?? '');
  const attempt = async (
    action: string,
    input: object,
    signal?: AbortSignal,
    transport = toService,
  ): Promise<never> => {
    const asked = service.ask(action, input as never);
    const { method = 'POST', body, bucket, path = url.pathname } = asked;
    const headers = {
      ...asked.headers,
      'content-length': Buffer.byteLength(body),
      host: prefixOf(action, bucket) + url.host,
      'x-amz-date': new Date(now()).toISOString().replace(/[-:]|\.\d{3}/g, ''),
      ...traceHeader(),
    };
    const parts = { method, path: isConfigured && bucket ? `/${bucket}${path}` : path, headers };
    const sent = service.unsigned?.includes(action)
      ? parts
      : aws4.sign({ ...parts, body, service: service.name, region }, credentials ?? environmentCredentials());
    const hostname = prefixOf(action, bucket) + url.hostname;
    const { send, agent } = transport;
    const request = { ...parts, headers: sent.headers, agent, hostname, port: url.port, signal };
    const answer = await exchange(send, request, body, timeouts);
    if (answer.status >= 300) throw new AwsError(service.readCodes(answer), answer.status);
    // It is as the service's model says, of which the SDK's types are made.
    return service.readAnswer(answer.text) as never;
  };
  void attempt('Rehearsal', {}, undefined, rehearsal()).catch(() => undefined);
  return {
    call: async (action, input, signal) => {
      for (let count = 1; ; count += 1) {
        try {
          return await attempt(action, input, signal);
        } catch (error) {
          const { name } = failureOf(error, action);
          if (name === 'UpstreamFailed' || count >= maxAttempts || signal?.aborted) throw error;
          // The SDK's standard mode waits as long before a second attempt.
          await delay(Math.random() * (name === 'Throttled' ? 500 : 100));
        }
      }
    },
    hostOf: (...of) => prefixOf(...of) + url.host,
    destroy: () => {
      toService.agent.destroy();
    },
  };
};

export const openDynamoDb = (options: ClientOptions = {}): types.DynamoDBClient => open(dynamoDb, options);

type Attributes = Record<string, AttributeValue>;

/** The members of calls and answers of DynamoDB that hold attributes. */
const attributeMembers = /^(Attributes|ExclusiveStartKey|ExpressionAttributeValues|Items?|Key|LastEvaluatedKey)$/;

/** Converts the attributes among the members of a call or an answer. */
const convert = (members: object, to: (attributes: Attributes) => Attributes): object =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]: [string, Attributes | Attributes[] | undefined]) => {
      if (value === undefined || !attributeMembers.test(name)) return [name, value];
      return [name, Array.isArray(value) ? value.map(to) : to(value)];
    }),
  );

export const openDocuments = (options: ClientOptions = {}): types.DynamoDBDocumentClient => {
  const client = open(dynamoDb, options);
  const call = async (action: string, input: object): Promise<never> => {
    const answer: object = await client.call(
      action,
      convert(input, (plain) => marshall(plain)),
    );
    return convert(answer, (typed) => unmarshall(typed)) as never;
  };
  return { ...client, call };
};

/** A client that calls the Region's endpoint and never the host in a queue's URL, which comes from our data. */
export const openSqs = (options: ClientOptions = {}): types.SQSClient =>
  open(sqs, { timeouts: options.maxSockets === undefined ? defaultTimeouts : batchTimeouts, ...options });

export const openCognito = (options: ClientOptions = {}): types.CognitoIdentityClient => open(cognito, options);

export const openSts = (options: ClientOptions = {}): types.STSClient => open(sts, options);

/** A client that waits for the answers of Express executions. A start is not repeated: an execution may be under way. */
export const openStepFunctions = (options: ClientOptions = {}): types.SFNClient =>
  open(stepFunctions, { maxAttempts: 1, timeouts: executionTimeouts, ...options });
