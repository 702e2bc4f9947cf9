export interface StreamSettings {
  readonly mode: 'ON_DEMAND' | 'PROVISIONED';
  readonly shards: number;
  readonly retentionHours: number;
  readonly encrypted: boolean;
  /** Bytes of a record's data and partition key. */
  readonly maxRecordBytes: number;
}

type Properties = Readonly<Record<string, unknown>>;

const supported = [
  'Name',
  'ShardCount',
  'RetentionPeriodHours',
  'StreamModeDetails',
  'StreamEncryption',
  'MaxRecordSizeInKiB',
  'Tags',
];

/**
 * A new on-demand stream takes 4 MB/s and a shard 1 MB/s, which makes four shards.
 * https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
const onDemandShards = 4;

const integer = (
  properties: Properties,
  name: string,
  standard: number,
  [from, to]: readonly [number, number],
): number => {
  const value = Number(properties[name] ?? standard);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new Error(`${name} of a stream is a whole number from ${from} to ${to}`);
};

const readMode = ({ StreamModeDetails: details }: Properties): StreamSettings['mode'] => {
  const mode: unknown =
    typeof details === 'object' && details && 'StreamMode' in details ? details.StreamMode : 'PROVISIONED';
  if (mode === 'ON_DEMAND' || mode === 'PROVISIONED') return mode;
  throw new Error('StreamMode of a stream is ON_DEMAND or PROVISIONED');
};

/**
 * Reads the properties of an AWS::Kinesis::Stream.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kinesis-stream.html
 * Assumed: a provisioned stream without a ShardCount, which AWS asks for, has one shard.
 * @throws Error naming the property that is wrong or not supported */
export const readStreamSettings = (properties: Properties): StreamSettings => {
  const unsupported = Object.keys(properties).find((name) => !supported.includes(name));
  if (unsupported !== undefined)
    throw new Error(`The emulator does not support the property ${unsupported} of a stream`);
  const mode = readMode(properties);
  return {
    mode,
    shards: integer(properties, 'ShardCount', mode === 'ON_DEMAND' ? onDemandShards : 1, [1, 1000]),
    retentionHours: integer(properties, 'RetentionPeriodHours', 24, [24, 8760]),
    encrypted: properties['StreamEncryption'] !== undefined,
    maxRecordBytes: integer(properties, 'MaxRecordSizeInKiB', 1024, [1024, 10_240]) * 1024,
  };
};
