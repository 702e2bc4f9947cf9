import { isList, isTrue, memberOf } from '../../values.ts';

type Properties = Readonly<Record<string, unknown>>;

/**
 * The settings of an AWS::Lambda::EventSourceMapping, with Lambda's own defaults.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export interface MappingSettings {
  readonly streamArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  /** Infinity: until the record expires. */
  readonly retryAttempts: number;
  /** Infinity: as long as the stream keeps it. */
  readonly recordAgeMilliseconds: number;
  readonly bisects: boolean;
  readonly reportsItemFailures: boolean;
  /** The bucket that gets the batches that are discarded. */
  readonly failureBucket: string | undefined;
}

const known = new Set([
  'EventSourceArn',
  'FunctionName',
  'StartingPosition',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'ParallelizationFactor',
  'DestinationConfig',
  'MetricsConfig',
  'Enabled',
  'Tags',
]);

const refuse = (property: string, value: unknown): never => {
  throw new Error(`An event source mapping with ${property} ${JSON.stringify(value)} is not supported`);
};

/** -1 stands for no limit. */
const limit = (value: unknown, factor: number): number => {
  const given = Number(value ?? -1);
  return given === -1 ? Infinity : given * factor;
};

const failureBucket = (properties: Properties): string | undefined => {
  const config = properties['DestinationConfig'];
  const destination = memberOf(memberOf(config, 'OnFailure'), 'Destination');
  if (destination === undefined) return undefined;
  const arn = typeof destination === 'string' ? destination : '';
  return /^arn:aws:s3:::(.+)$/.exec(arn)?.[1] ?? refuse('DestinationConfig', config);
};

/** @throws Error naming a property or value that is not supported. */
export const readMappingSettings = (properties: Properties): MappingSettings => {
  const unknown = Object.keys(properties).find((property) => !known.has(property));
  if (unknown !== undefined) refuse(unknown, properties[unknown]);
  if (properties['StartingPosition'] !== 'TRIM_HORIZON') refuse('StartingPosition', properties['StartingPosition']);
  if (Number(properties['ParallelizationFactor'] ?? 1) !== 1)
    refuse('ParallelizationFactor', properties['ParallelizationFactor']);
  if (!isTrue(properties['Enabled'] ?? true)) refuse('Enabled', properties['Enabled']);
  const responses = properties['FunctionResponseTypes'];
  return {
    streamArn: String(properties['EventSourceArn']),
    functionName: String(properties['FunctionName']),
    batchSize: Number(properties['BatchSize'] ?? 100),
    windowMilliseconds: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0) * 1000,
    retryAttempts: limit(properties['MaximumRetryAttempts'], 1),
    recordAgeMilliseconds: limit(properties['MaximumRecordAgeInSeconds'], 1000),
    bisects: isTrue(properties['BisectBatchOnFunctionError']),
    reportsItemFailures: isList(responses) && responses.includes('ReportBatchItemFailures'),
    failureBucket: failureBucket(properties),
  };
};
