import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Counts, Question } from './service.ts';
import { signedCalls } from './signed-calls.ts';

export interface Session {
  readonly accountId: number;
  readonly sessionId: string;
  readonly sqsUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string;
}

export interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** The service under measurement, in a process of its own, and the calls its users make. */
export interface Subject {
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What was counted since the last time it was asked; unless told otherwise it waits for no records. */
  counts(question?: Partial<Question>): Promise<Counts>;
  /** GETs a path of the API: `/notify/1?msg=hello`. */
  get<T>(path: string): Promise<T>;
  create(accountId: number, sessionId: string, userId?: number): Promise<Session>;
  /** One call as administrator: `aws('kinesis', 'Kinesis_20131202.PutRecords', …)`. */
  aws<T>(service: string, target: string, parameters: object): Promise<T>;
  /** Long-polls and deletes until it is stopped, and hands each message on. */
  poll(session: Session, onMessage: (body: string) => void, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

const administrator = { accessKeyId: 'local', secretAccessKey: 'local' };

export const startSubject = async (): Promise<Subject> => {
  const child = fork(join(import.meta.dirname, 'service.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [ready] = (await once(child, 'message')) as [{ url: string; outputs: Record<string, string> }];
  const { url, outputs } = ready;
  const calls = signedCalls(url);
  return {
    url,
    outputs,
    counts: async (question) => {
      child.send({ records: 0, watchMemory: false, ...question } satisfies Question);
      const [counts] = (await once(child, 'message')) as [Counts];
      return counts;
    },
    create: (accountId, sessionId, userId) =>
      calls.get(`/create/${accountId}/${sessionId}${userId === undefined ? '' : `/${userId}`}`),
    get: (path) => calls.get(path),
    aws: (service, target, parameters) => calls.aws(administrator, { service, target, parameters }),
    poll: async ({ sqsUrl, accessKey, secretKey, sessionToken }, onMessage, signal) => {
      const keys = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
      const sqs = <T>(action: string, parameters: object): Promise<T> =>
        calls.aws(keys, {
          service: 'sqs',
          target: `AmazonSQS.${action}`,
          parameters: { QueueUrl: sqsUrl, ...parameters },
        });
      let deleting: Promise<unknown> = Promise.resolve();
      while (!signal.aborted) {
        const wait = { MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
        const { Messages = [] } = await sqs<{ Messages?: Message[] }>('ReceiveMessage', wait);
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
