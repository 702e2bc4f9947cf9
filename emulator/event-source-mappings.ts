import { neverAborted } from './calls.ts';
import type { Calls } from './calls.ts';
import type { Clock } from './clock.ts';
import type { EventSourceMapping, EventSourceMappingOptions, Kinesis } from './kinesis/index.ts';
import type { KinesisEvent } from './kinesis/event-source-mapping/batch.ts';
import { createEventSourceMapping } from './kinesis/event-source-mapping/create-event-source-mapping.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import type { ListedMapping } from './lambda/event-source-mapping-actions.ts';
import type { Invoke } from './lambda/service.ts';
import type { State } from './persistence/state.ts';
import { withPrefix } from './persistence/state.ts';
import type { RolePrincipal } from './service.ts';
import type { ServiceMetrics } from './service-metrics.ts';
import type { LoadedTemplate } from './template/index.ts';
import { forResource } from './template/template-error.ts';

export interface MappingsOptions {
  readonly template: LoadedTemplate;
  readonly clock: Clock;
  readonly region: string;
  readonly kinesis: Kinesis;
  readonly functions: readonly FunctionDefinition[];
  readonly calls: Calls;
  readonly invoke: Invoke;
  readonly metrics: Pick<ServiceMetrics, 'iteratorAge' | 'countFailedBatch'>;
  readonly assumeRole: (definition: FunctionDefinition) => RolePrincipal;
  readonly instantRetries: boolean;
  /** Called with the milliseconds that an instant retry would have waited. */
  readonly passTime: ((milliseconds: number) => void) | undefined;
  /** Keeps the last sequence number that each mapping has delivered. */
  readonly state: State;
  readonly onProblem: (problem: Error) => void;
}

/** Milliseconds since the batch's last record arrived. */
const ageOf = ({ Records }: KinesisEvent, now: number): number =>
  Math.max(0, now - 1000 * (Records.at(-1)?.kinesis.approximateArrivalTimestamp ?? now / 1000));

/** A mapping that runs, as Lambda lists it too. */
export type RunningMapping = EventSourceMapping & ListedMapping;

/** What Lambda says of a mapping's last batch: https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
const results = { none: 'No records processed', ok: 'OK', failed: 'PROBLEM: Function call failed' } as const;

/**
 * Starts the template's event source mappings, which call Kinesis and Amazon S3 with the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * @throws Error naming what is not supported in one.
 */
export const startMappings = (options: MappingsOptions): readonly RunningMapping[] => {
  const { template, clock, region, kinesis, functions, calls, invoke, assumeRole, onProblem, metrics } = options;
  const { instantRetries, passTime } = options;
  const checkpoints = options.state.entries('mapping-checkpoints', (sequenceNumber: string) => sequenceNumber);
  return template.ofType('AWS::Lambda::EventSourceMapping').map(({ logicalId, ref, properties }) => {
    const target = functions.find(({ name, arn }) => [name, arn].includes(String(properties['FunctionName'])));
    if (!target) throw new Error(`${logicalId}: its function is not in the template`);
    const call = { principal: assumeRole(target), signal: neverAborted, baseUrl: '' };
    let lastResult: string = results.none;
    let modified = clock.now();
    const mappingOptions: EventSourceMappingOptions = {
      properties,
      clock,
      region,
      kinesis,
      ...{ instantRetries, passTime },
      onProblem,
      id: ref,
      functionArn: target.arn,
      roleArn: target.roleArn,
      checkpoints: withPrefix(checkpoints, `${logicalId}/`),
      call: async (service, action, parameters) => {
        const answer = await calls.run(service, action, parameters, call);
        if (action === 'PutObject') metrics.countFailedBatch(ref);
        return answer;
      },
      invoke: async (_name, event) => {
        metrics.iteratorAge(target.arn, ageOf(event, clock.now()));
        lastResult = results.failed;
        const answer: unknown = JSON.parse(await invoke(target.arn, JSON.stringify(event)));
        lastResult = results.ok;
        return answer;
      },
    };
    const mapping = forResource(logicalId, () => createEventSourceMapping(mappingOptions));
    return {
      ...{ uuid: ref, functionArn: target.arn, streamArn: String(properties['EventSourceArn']) },
      get isEnabled() {
        return mapping.isEnabled;
      },
      get lastResult() {
        return lastResult;
      },
      get modified() {
        return modified;
      },
      setEnabled: (isEnabled) => {
        modified = clock.now();
        mapping.setEnabled(isEnabled);
      },
      idle: () => mapping.idle(),
      stop: () => mapping.stop(),
    };
  });
};
