import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { countsSchema, type Counts } from './counts.ts';
import type { Question } from './service.ts';
import { signedCalls } from './signed-calls.ts';

const sessionSchema = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  sqsUrl: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string(),
});

export type Session = z.infer<typeof sessionSchema>;

const receivedSchema = z.object({
  Messages: z.optional(z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() }))),
});

/** The service's first message: it is ready. */
const readySchema = z.tuple([z.object({ url: z.string(), outputs: z.record(z.string(), z.string()) })], z.unknown());

const countedSchema = z.tuple([countsSchema], z.unknown());

/** The service under measurement, in a process of its own, and the calls its users make. */
export interface Subject {
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The counts since the last question. Default: without waiting for records. */
  counts(question?: Partial<Question>): Promise<Counts>;
  /** GETs a path of the API: `/notify/1?msg=hello`. */
  get(path: string): Promise<unknown>;
  /** POSTs a JSON object to a path of the API. */
  post(path: string, body: object): Promise<unknown>;
  create(accountId: number, sessionId: string, userId?: number): Promise<Session>;
  /** One call as administrator: `aws('kinesis', 'Kinesis_20131202.PutRecords', …)`. */
  aws(service: string, target: string, parameters: object): Promise<unknown>;
  /** Long-polls and deletes until the signal is aborted; calls `onMessage` with each message's body. */
  poll(session: Session, onMessage: (body: string) => void, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

const administrator = { accessKeyId: 'local', secretAccessKey: 'local' };

/** @param context values of the stack's context beside the defaults */
export const startSubject = async (context: object = {}): Promise<Subject> => {
  const child = fork(join(import.meta.dirname, 'service.ts'), [JSON.stringify(context)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  const [{ url, outputs }] = readySchema.parse(await once(child, 'message'));
  const calls = signedCalls(url);
  return {
    url,
    outputs,
    counts: async (question) => {
      child.send({ records: 0, watchMemory: false, ...question } satisfies Question);
      const [counts] = countedSchema.parse(await once(child, 'message'));
      return counts;
    },
    create: async (accountId, sessionId, userId) =>
      sessionSchema.parse(
        await calls.get(`/create/${accountId}/${sessionId}${userId === undefined ? '' : `/${userId}`}`),
      ),
    get: (path) => calls.get(path),
    post: (path, body) => calls.post(path, body),
    aws: (service, target, parameters) => calls.aws(administrator, { service, target, parameters }),
    poll: async ({ sqsUrl, accessKey, secretKey, sessionToken }, onMessage, signal) => {
      const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
      const sqs = (action: string, parameters: object): Promise<unknown> =>
        calls.aws(credentials, {
          service: 'sqs',
          target: `AmazonSQS.${action}`,
          parameters: { QueueUrl: sqsUrl, ...parameters },
        });
      let deleting: Promise<unknown> = Promise.resolve();
      while (!signal.aborted) {
        const wait = { MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
        const { Messages = [] } = receivedSchema.parse(await sqs('ReceiveMessage', wait));
        for (const { Body } of Messages) onMessage(Body);
        if (Messages.length === 0) continue;
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        // The next poll does not wait for it, as in the browser client.
        deleting = Promise.all([deleting, sqs('DeleteMessageBatch', { Entries })]);
      }
      await deleting;
    },
    stop: async () => {
      child.send('stop');
      await once(child, 'exit');
    },
  };
};
