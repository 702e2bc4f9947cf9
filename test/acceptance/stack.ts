import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DeleteMessageBatchCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import { afterAll, expect } from '@jest/globals';
import type { Session } from '../../client/shared/session.ts';
import { serviceContext } from '../tools/identities.ts';
import { clientOptions, request, serviceMode, settle } from '../tools/worst-case.ts';
import { startService } from '../../operations/start/service.ts';
import type { Emulator } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { ServiceOptions } from '../../operations/start/service.ts';

/** The answer of create, renew and status. */
export const sessionSchema = z.looseObject({
  accountId: z.number(),
  sessionId: z.string(),
  userId: z.exactOptional(z.number()),
  sqsUrl: z.string(),
  identityId: z.string(),
  expires: z.number(),
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export const region = 'us-east-1';

export const administrator = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** The whole stack, and what tests do with it. */
export class Stack {
  readonly runtime: Emulator;
  readonly #kinesis: KinesisClient;

  constructor(runtime: Emulator) {
    this.runtime = runtime;
    const settings = { endpoint: runtime.url, region, credentials: administrator };
    this.#kinesis = new KinesisClient(settings);
  }

  /** Any request to the API. */
  async call(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(this.runtime.url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text && JSON.parse(text) };
  }

  async post(path: string, body?: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const content = { headers: { 'content-type': 'application/json' }, body: text };
    return this.call(path, { method: 'POST', ...(body === undefined ? {} : content) });
  }

  /** Creates a session. @throws Error unless it answers 200. */
  async create(accountId: number, sessionId: string, userId?: number): Promise<Session> {
    const user = userId === undefined ? '' : `/${userId}`;
    const path = `/create/${accountId}/${encodeURIComponent(sessionId)}${user}`;
    const { status, json } = await request(() => this.call(path));
    if (status !== 200) throw new Error(`create answered ${status}: ${JSON.stringify(json)}`);
    return sessionSchema.parse(json);
  }

  /** Puts records on the stream and waits until they have been dealt with. */
  async put(...records: readonly (string | Buffer)[]): Promise<void> {
    const Records = records.map((record) => ({ Data: Buffer.from(record), PartitionKey: 'one' }));
    const StreamName = this.runtime.outputs['EventStreamName'];
    await this.#kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    await this.runtime.idle();
  }

  /** Takes everything out of a queue of the stack; an administrator may. */
  async drain(queueUrl: string): Promise<readonly Message[]> {
    const client = this.#queues();
    try {
      return await drainQueue(client, queueUrl);
    } finally {
      client.destroy();
    }
  }

  /** Moves the clock until what was changed holds, where that takes time. */
  settle(): void {
    settle(this.runtime.clock);
  }

  /** A client with a session's own keys, which tries again only in the worst case; it signs with the time of the runtime's clock. */
  sessionClient({ accessKey, secretKey, sessionToken }: Session): SQSClient {
    return new SQSClient({
      endpoint: this.runtime.url,
      region,
      ...clientOptions(this.runtime.clock),
      credentials: { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken },
    });
  }

  /** The bodies of all messages waiting in a session's queue, read and deleted with its own keys. */
  async receive(session: Session): Promise<readonly string[]> {
    const client = this.sessionClient(session);
    try {
      return (await drainQueue(client, session.sqsUrl)).map(({ Body: body = '' }) => body);
    } finally {
      client.destroy();
    }
  }

  /** The URLs of all queues of sessions. */
  async sessionQueues(): Promise<readonly string[]> {
    const client = this.#queues();
    try {
      const { QueueUrls = [] } = await client.send(
        new ListQueuesCommand({ QueueNamePrefix: 'brws-', MaxResults: 1000 }),
      );
      return QueueUrls;
    } finally {
      client.destroy();
    }
  }

  /** The administrator's client, which signs by the clock as it is now. */
  #queues(): SQSClient {
    const { url: endpoint, clock } = this.runtime;
    return new SQSClient({ endpoint, region, credentials: administrator, ...clientOptions(clock) });
  }
}

/** Receives and deletes until nothing is left. */
const drainQueue = async (client: SQSClient, QueueUrl: string): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] });
  const { Messages: messages = [] } = await client.send(command);
  if (messages.length === 0) return [];
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return [...messages, ...(await drainQueue(client, QueueUrl))];
};

/** Starts the stack for the tests of a file and stops it after them. */
export const startStack = async (options: ServiceOptions = {}): Promise<Stack> => {
  const context = { ...serviceContext, ...options.context };
  const runtime = await startService({ ...serviceMode(), ...options, context });
  afterAll(() => runtime.stop());
  return new Stack(runtime);
};

/** An error's answer: its name, and the field its message begins with. */
export const refusal = (error: string, field = ''): object => ({ error, message: expect.stringContaining(field) });
