import type { Action } from '../../service.ts';
import { describeShard, describeStreamBriefly } from '../descriptions.ts';
import { optionalCount, optionalText } from '../parameters.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

export const describeStream = (state: KinesisState): Action => ({
  permissions: streamPermission(state, 'DescribeStream'),
  run: (parameters) => {
    const stream = addressedStream(state, parameters);
    const after = optionalText(parameters, 'ExclusiveStartShardId') ?? '';
    const rest = stream.shards.filter(({ id }) => id > after);
    const page = rest.slice(0, optionalCount(parameters, 'Limit', 10_000) ?? 100);
    return {
      StreamDescription: {
        ...describeStreamBriefly(stream),
        Shards: page.map(describeShard),
        HasMoreShards: rest.length > page.length,
      },
    };
  },
});
