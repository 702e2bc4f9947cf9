import type { Action } from '../../service.ts';
import { describeStreamBriefly } from '../descriptions.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html */
export const describeStreamSummary = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'DescribeStreamSummary'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    return {
      StreamDescriptionSummary: {
        ...describeStreamBriefly(stream),
        OpenShardCount: stream.shards.length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: stream.settings.maxRecordBytes / 1024,
      },
    };
  },
});
