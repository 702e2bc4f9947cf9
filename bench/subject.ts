import { AwsClient } from 'aws4fetch';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Counts } from './service.ts';

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
  /** What was counted since the last time it was asked. */
  counts(): Promise<Counts>;
  create(accountId: number, sessionId: string, userId?: number): Promise<Session>;
  /** One call as administrator: `aws('kinesis', 'Kinesis_20131202.PutRecords', …)`. */
  aws<T>(service: string, target: string, parameters: object): Promise<T>;
  /** Long-polls and deletes until it is stopped, and hands each message on. */
  poll(session: Session, onMessage: (body: string) => void, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

const post = async <T>(
  client: AwsClient,
  url: string,
  { target, parameters }: { target: string; parameters: object },
): Promise<T> => {
  const request = await client.sign(url, {
    method: 'POST',
    headers: { 'X-Amz-Target': target, 'Content-Type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(parameters),
  });
  const answer = await fetch(request);
  const body = (await answer.json()) as T;
  if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
};

export const startSubject = async (): Promise<Subject> => {
  const child = fork(join(import.meta.dirname, 'service.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [ready] = (await once(child, 'message')) as [{ url: string; outputs: Record<string, string> }];
  const { url, outputs } = ready;
  const keys = { accessKeyId: 'local', secretAccessKey: 'local', region: 'us-east-1', retries: 0 };
  const administrators = new Map<string, AwsClient>();
  const administrator = (service: string): AwsClient => {
    const known = administrators.get(service) ?? new AwsClient({ ...keys, service });
    administrators.set(service, known);
    return known;
  };
  return {
    url,
    outputs,
    counts: async () => {
      child.send('counts');
      const [counts] = (await once(child, 'message')) as [Counts];
      return counts;
    },
    create: async (accountId, sessionId, userId) => {
      const answer = await fetch(`${url}/create/${accountId}/${sessionId}${userId === undefined ? '' : `/${userId}`}`);
      if (!answer.ok) throw new Error(`create answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Session;
    },
    aws: (service, target, parameters) => post(administrator(service), url, { target, parameters }),
    poll: async ({ sqsUrl, accessKey, secretKey, sessionToken }, onMessage, signal) => {
      const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
      const client = new AwsClient({ ...credentials, region: 'us-east-1', service: 'sqs', retries: 0 });
      const sqs = <T>(action: string, parameters: object): Promise<T> =>
        post(client, url, { target: `AmazonSQS.${action}`, parameters: { QueueUrl: sqsUrl, ...parameters } });
      while (!signal.aborted) {
        const wait = { MaxNumberOfMessages: 10, WaitTimeSeconds: 2 };
        const { Messages = [] } = await sqs<{ Messages?: Message[] }>('ReceiveMessage', wait);
        for (const { Body } of Messages) onMessage(Body);
        if (Messages.length === 0) continue;
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs('DeleteMessageBatch', { Entries });
      }
    },
    stop: async () => {
      child.send('stop');
      await once(child, 'exit');
    },
  };
};
