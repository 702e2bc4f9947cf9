import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Emulator } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { administrator, region } from '../acceptance/stack.ts';

/** A record as it lies in the failed-batch bucket. */
export interface FailedRecord {
  readonly eventID: string;
  /** The record's bytes. */
  readonly data: Buffer;
}

const batchSchema = z.object({ payload: z.string() });

const eventSchema = z.object({
  Records: z.array(z.object({ eventID: z.string(), kinesis: z.object({ data: z.string() }) })),
});

/** The records of all batches that were set aside, in the order of the objects' names. */
export const failedRecords = async ({ url, outputs }: Emulator): Promise<readonly FailedRecord[]> => {
  const client = new S3Client({ endpoint: url, region, credentials: administrator, forcePathStyle: true });
  const Bucket = outputs['FailedBatchBucketName'];
  try {
    const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    const texts = await Promise.all(
      objects.map(async ({ Key }) => {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return (await body?.transformToString()) ?? '';
      }),
    );
    return texts.flatMap((text) => {
      const { Records: records } = eventSchema.parse(JSON.parse(batchSchema.parse(JSON.parse(text)).payload));
      return records.map(({ eventID, kinesis }) => ({ eventID, data: Buffer.from(kinesis.data, 'base64') }));
    });
  } finally {
    client.destroy();
  }
};
