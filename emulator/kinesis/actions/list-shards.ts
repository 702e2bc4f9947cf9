import type { Action, Parameters } from '../../service.ts';
import { AwsError } from '../../service.ts';
import { describeShard } from '../descriptions.ts';
import { invalidArgument } from '../errors.ts';
import { optionalText, pageLength, refuse } from '../parameters.ts';
import type { KinesisState } from '../streams.ts';
import { addressedStream, streamPermission } from '../streams.ts';

/** The maximum of shards in one answer, even if MaxResults is higher, and the milliseconds for which a token can be used. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
const maxShards = 1000;
const tokenLifetime = 300_000;

const writeToken = (streamName: string, shardId: string, now: number) =>
  Buffer.from(`${streamName}/${shardId}/${now}`).toString('base64');

const readToken = (token: string): readonly string[] => Buffer.from(token, 'base64').toString().split('/');

/** A token names the stream and the last shard of the page before, in place of the parameters that do. */
const withoutToken = (parameters: Parameters): Parameters => {
  const { NextToken: token } = parameters;
  if (typeof token !== 'string') return parameters;
  const [StreamName, ExclusiveStartShardId] = readToken(token);
  if (!StreamName || !ExclusiveStartShardId) return {};
  return { MaxResults: parameters['MaxResults'], StreamName, ExclusiveStartShardId };
};

/** @throws AwsError ExpiredNextTokenException */
const checkToken = ({ NextToken: token }: Parameters, now: number): void => {
  const [, , issuedAt] = typeof token === 'string' ? readToken(token) : [];
  if (issuedAt === undefined || now - Number(issuedAt) <= tokenLifetime) return;
  throw new AwsError('ExpiredNextTokenException', 'The NextToken was issued more than 300 seconds ago.');
};

export const listShards = (state: KinesisState): Action => ({
  permissions: (parameters) => streamPermission(state, 'ListShards')(withoutToken(parameters)),
  run: (parameters) => {
    refuse(parameters, 'ShardFilter', 'StreamCreationTimestamp');
    const given = ['StreamName', 'StreamARN'].some((name) => parameters[name] !== undefined);
    if (given && parameters['NextToken'] !== undefined) {
      throw invalidArgument('NextToken and StreamName cannot be provided together.');
    }
    checkToken(parameters, state.now());
    const request = withoutToken(parameters);
    const stream = addressedStream(state, request);
    const after = optionalText(request, 'ExclusiveStartShardId') ?? '';
    const rest = stream.shards.filter(({ id }) => id > after);
    const page = rest.slice(0, pageLength(request, 'MaxResults', maxShards));
    const last = page.at(-1);
    return {
      Shards: page.map(describeShard),
      ...(last && rest.length > page.length && { NextToken: writeToken(stream.name, last.id, state.now()) }),
    };
  },
});
