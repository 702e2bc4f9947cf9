import type { Action } from '../../service.ts';
import { describeShard, describeStreamBriefly } from '../descriptions.ts';
import { optionalText, pageLength } from '../parameters.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

/** The maximum of shards in one answer, even if Limit is higher. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html */
const maxShards = 100;

export const describeStream = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'DescribeStream'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const after = optionalText(parameters, 'ExclusiveStartShardId') ?? '';
    const rest = stream.shards.filter(({ id }) => id > after);
    const page = rest.slice(0, pageLength(parameters, 'Limit', maxShards));
    return {
      StreamDescription: {
        ...describeStreamBriefly(stream),
        Shards: page.map(describeShard),
        HasMoreShards: rest.length > page.length,
      },
    };
  },
});
