import { afterAll } from '@jest/globals';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { createKinesis } from '../../kinesis/index.ts';
import { location, serve } from '../service-server.ts';

export { clock } from '../service-server.ts';

export const kinesis = createKinesis(location);
export const config = await serve(kinesis);
export const client = new KinesisClient(config);

afterAll(() => {
  client.destroy();
});

let streams = 0;

/** Creates a stream with a name of its own; returns its name. */
export const newStream = (properties: object = {}): string => {
  const name = `stream-${++streams}`;
  kinesis.createStream(name, { ...properties });
  return name;
};

export const arnOf = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

export const shardId = (index: number) => `shardId-${index.toString().padStart(12, '0')}`;

export const bytes = (text: string) => Buffer.from(text);

export const iterator = async (input: Partial<GetShardIteratorCommandInput>) => {
  const request = { ShardId: shardId(0), ShardIteratorType: 'TRIM_HORIZON', ...input } as const;
  return (await client.send(new GetShardIteratorCommand(request))).ShardIterator;
};

/** The texts of the records from an iterator on. */
export const read = async (ShardIterator: string | undefined) => {
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => Buffer.from(Data ?? []).toString());
};
