import type { Action, Parameters } from '../../service.ts';
import { describeShard } from '../descriptions.ts';
import { invalidArgument } from '../errors.ts';
import { optionalCount, optionalText, refuse } from '../parameters.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

const writeToken = (streamName: string, shardId: string) => Buffer.from(`${streamName}/${shardId}`).toString('base64');

/** A token stands for the stream and the shard to go on after, in place of the parameters that say so. */
const withoutToken = (parameters: Parameters): Parameters => {
  const { NextToken: token } = parameters;
  if (typeof token !== 'string') return parameters;
  const [StreamName, ExclusiveStartShardId] = Buffer.from(token, 'base64').toString().split('/');
  if (!StreamName || !ExclusiveStartShardId) return {};
  return { MaxResults: parameters['MaxResults'], StreamName, ExclusiveStartShardId };
};

export const listShards = (state: KinesisState): Action => ({
  permissions: (parameters) => streamPermission(state, 'ListShards')(withoutToken(parameters)),
  run: (parameters) => {
    refuse(parameters, 'ShardFilter', 'StreamCreationTimestamp');
    const given = ['StreamName', 'StreamARN'].some((name) => parameters[name] !== undefined);
    if (given && parameters['NextToken'] !== undefined) {
      throw invalidArgument('NextToken and StreamName cannot be provided together.');
    }
    const request = withoutToken(parameters);
    const stream = addressedStream(state, request);
    const after = optionalText(request, 'ExclusiveStartShardId') ?? '';
    const rest = stream.shards.filter(({ id }) => id > after);
    const page = rest.slice(0, optionalCount(request, 'MaxResults', 10_000) ?? 1000);
    const last = page.at(-1);
    return {
      Shards: page.map(describeShard),
      ...(last && rest.length > page.length && { NextToken: writeToken(stream.name, last.id) }),
    };
  },
});
