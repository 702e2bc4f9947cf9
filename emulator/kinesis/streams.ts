import type { Parameters, Permission } from '../service.ts';
import { invalidArgument, resourceNotFound } from './errors.ts';
import { optionalText, refuse } from './parameters.ts';
import type { Stream } from './stream.ts';

/** The state that the actions share. */
export interface KinesisState {
  readonly streams: ReadonlyMap<string, Stream>;
  readonly now: () => number;
  readonly accountId: string;
  readonly region: string;
}

type Location = Pick<KinesisState, 'accountId' | 'region'>;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html has the form of the ARN and the actions. */
export const streamArn = ({ region, accountId }: Location, name: string): string =>
  `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;

const nameInArn = (arn: string): string | undefined =>
  /^arn:aws:kinesis:[\w-]+:\d{12}:stream\/([\w.-]+)$/.exec(arn)?.[1];

/** The permission for an action on the stream named by StreamARN or StreamName. */
export const streamPermission =
  (state: KinesisState, action: string) =>
  ({ StreamARN, StreamName }: Parameters): readonly Permission[] => {
    const arn = typeof StreamARN === 'string' ? StreamARN : undefined;
    const name = typeof StreamName === 'string' ? StreamName : '*';
    return [{ action: `kinesis:${action}`, resource: arn ?? streamArn(state, name) }];
  };

/** @throws AwsError ResourceNotFoundException */
export const streamByName = ({ streams, accountId }: KinesisState, name: string): Stream => {
  const stream = streams.get(name);
  if (!stream) throw resourceNotFound(`Stream ${name} under account ${accountId} not found.`);
  return stream;
};

/** The stream that StreamARN or StreamName names. @throws AwsError ResourceNotFoundException, InvalidArgumentException */
export const addressedStream = (state: KinesisState, parameters: Parameters): Stream => {
  refuse(parameters, 'StreamId');
  const arn = optionalText(parameters, 'StreamARN');
  const name = optionalText(parameters, 'StreamName') ?? (arn === undefined ? undefined : nameInArn(arn));
  if (name === undefined) throw invalidArgument('Missing StreamName or StreamARN, or the StreamARN is invalid.');
  const stream = streamByName(state, name);
  if (arn !== undefined && arn !== stream.arn) throw resourceNotFound(`Stream ${arn} not found.`);
  return stream;
};
