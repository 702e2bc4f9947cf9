import type { Shard } from './shard.ts';
import type { Stream } from './stream.ts';
import { encryptionType } from './records.ts';

/** What StreamDescription and StreamDescriptionSummary have in common. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StreamDescriptionSummary.html */
export const describeStreamBriefly = (stream: Stream): object => ({
  StreamName: stream.name,
  StreamARN: stream.arn,
  StreamStatus: 'ACTIVE',
  StreamModeDetails: { StreamMode: stream.settings.mode },
  RetentionPeriodHours: stream.settings.retentionHours,
  StreamCreationTimestamp: stream.createdAt / 1000,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: encryptionType(stream),
  ...(stream.settings.encrypted && { KeyId: 'alias/aws/kinesis' }),
});

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Shard.html */
export const describeShard = ({ id, hashKeys, startingSequenceNumber }: Shard): object => ({
  ShardId: id,
  HashKeyRange: { StartingHashKey: hashKeys.from.toString(), EndingHashKey: hashKeys.to.toString() },
  SequenceNumberRange: { StartingSequenceNumber: startingSequenceNumber },
});
