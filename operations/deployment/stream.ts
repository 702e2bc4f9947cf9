import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { Counts } from '../redrive/put-back.ts';
import { putBack } from '../redrive/put-back.ts';
import { StreamSource } from '../redrive/stream-source.ts';
import { dispatchOf } from './change-dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { DeploymentError } from './errors.ts';

/** Lambda's event source mapping by which the router reads the stream. */
export interface StreamReader {
  readonly uuid: string;
  /** Such as `Enabled`, `Disabled`, `Enabling`. */
  readonly state: string;
  /** Lambda's result of the last batch; empty when there is none. */
  readonly lastResult: string;
}

export interface StreamState {
  readonly name: string;
  readonly status: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly shards: number;
  /** How long records are kept, in hours. */
  readonly retentionHours: number;
  readonly reader: StreamReader | undefined;
}

/** @param lambda is asked for the mapping */
export const readReader = async ({ service }: Deployment, lambda: LambdaClient): Promise<StreamReader | undefined> => {
  const FunctionName = service.functions.find(({ name }) => name === 'router')?.physicalId;
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  if (!mapping) return undefined;
  return { uuid: mapping.UUID ?? '', state: mapping.State ?? '', lastResult: mapping.LastProcessingResult ?? '' };
};

/** The stream, and the mapping that reads it. @throws DeploymentError when the service has no stream */
export const readStream = async (deployment: Deployment, lambda: LambdaClient): Promise<StreamState> => {
  const name = deployment.output('EventStreamName');
  const [{ StreamDescriptionSummary: summary }, reader] = await Promise.all([
    deployment.clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })),
    readReader(deployment, lambda),
  ]);
  return {
    ...{ name, reader, status: summary?.StreamStatus ?? '', shards: summary?.OpenShardCount ?? 0 },
    mode: summary?.StreamModeDetails?.StreamMode ?? 'PROVISIONED',
    retentionHours: summary?.RetentionPeriodHours ?? 24,
  };
};

/** Starts or stops reading the stream. Records wait on it meanwhile. @throws DeploymentError when nothing reads the stream */
export const setReading = async (
  deployment: Deployment,
  lambda: LambdaClient,
  isReading: boolean,
): Promise<StreamReader> => {
  deployment.output('EventStreamName');
  const reader = await readReader(deployment, lambda);
  if (!reader) throw new DeploymentError('The router has no event source mapping: deploy the stack again.');
  const answer = await lambda.send(new UpdateEventSourceMappingCommand({ UUID: reader.uuid, Enabled: isReading }));
  return { ...reader, state: answer.State ?? reader.state };
};

export interface ReplayOptions {
  /** Epoch milliseconds: records that arrived from `since` on and before `until`, which may be Infinity. */
  readonly since: number;
  readonly until: number;
  /** Counts, and dispatches nothing. */
  readonly dryRun: boolean;
  readonly onProgress?: (counts: Counts) => void;
}

/**
 * Dispatches the messages of a time range again that the stream still has. They keep their ids, so that clients which had them drop them.
 * Nothing is put on the stream.
 */
export const replayStream = (deployment: Deployment, options: ReplayOptions): Promise<Counts> => {
  const { since, until, dryRun, onProgress } = options;
  return putBack({
    source: new StreamSource(deployment.clients.kinesis, {
      ...{ streamName: deployment.output('EventStreamName'), since, until },
    }),
    ...{ dispatch: dispatchOf(deployment), dryRun },
    put: (records) => Promise.resolve(records.map(() => undefined)),
    progress: (counts) => onProgress?.(counts),
  });
};
