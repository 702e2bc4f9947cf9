import { afterAll } from '@jest/globals';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { createSqs } from '../../sqs/index.ts';
import { access, location, serve } from '../service-server.ts';

export { clock } from '../service-server.ts';

const sqs = createSqs({ ...location, access });

export const config = await serve(sqs);
export const client = new SQSClient(config);

afterAll(() => {
  sqs.stop();
  client.destroy();
});

let queues = 0;

/** A name no other test uses. */
export const newName = () => `queue-${++queues}`;

/** Creates a queue with a name of its own; returns its URL. */
export const newQueue = async (attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> => {
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: newName(), Attributes: attributes }));
  return QueueUrl;
};

/** The name of the error that a call ends with. */
export const errorOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
