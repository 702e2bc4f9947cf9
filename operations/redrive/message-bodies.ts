import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { settle } from '../../functions/aws/errors.ts';
import { bodyKeys, type MessageStore } from '../../functions/dispatch/offload.ts';

/** The bodies of large messages, with the credentials of an operator. */
export interface MessageBodies extends Pick<MessageStore, 'put'> {
  /** The text at a key, or undefined when it is no longer kept. */
  read(key: string): Promise<string | undefined>;
}

/** @param bucket gives the name of the bucket of messages, when there is a large one */
export const openMessageBodies = (client: S3Client, bucket: () => string): MessageBodies => ({
  put: async ({ messageId, body: Body }) => {
    const object = { Bucket: bucket(), Key: bodyKeys(messageId).message, Body, ContentType: 'application/json' };
    await settle('s3:PutObject', client.send(new PutObjectCommand(object)));
  },
  read: async (Key) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket(), Key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
});
