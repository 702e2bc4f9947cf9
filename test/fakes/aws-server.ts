import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { portOf } from '../port-of.ts';

const parametersSchema = z.record(z.string(), z.unknown());

export type Parameters = Readonly<Record<string, unknown>>;

/** An error as an AWS service answers it. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status = 400) {
    super(`A message that names arn:aws:sqs:eu-west-1:123456789012:secret`);
    this.code = code;
    this.status = status;
  }
}

export interface Call {
  /** `SendMessageBatch` */
  readonly action: string;
  readonly parameters: Parameters;
}

/** Answers a call, or throws AwsFault. */
export type Action = (parameters: Parameters) => object | Promise<object>;

export interface AwsServer extends AsyncDisposable {
  /** What an SDK client is made with to call this server. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  /** Every call, in the order of arrival. */
  readonly calls: Call[];
  stop(): Promise<void>;
}

/** A server on a free port that speaks AWS's JSON protocol and knows these actions. */
export const startAwsServer = async (actions: Readonly<Record<string, Action>>): Promise<AwsServer> => {
  const calls: Call[] = [];
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const parameters = parametersSchema.parse(JSON.parse(await text(request)));
    calls.push({ action, parameters });
    try {
      const run = actions[action];
      if (!run) throw new AwsFault('UnknownOperationException');
      return { status: 200, body: await run(parameters) };
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      return { status: error.status, body: { __type: `com.amazonaws#${error.code}`, message: error.message } };
    }
  };
  // Node ends idle connections after five seconds; a client on a busy machine may just be using one then.
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body)),
      (error: unknown) => {
        request.socket.destroy(error instanceof Error ? error : undefined);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    client: {
      endpoint: `http://127.0.0.1:${portOf(server)}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    },
    calls,
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
