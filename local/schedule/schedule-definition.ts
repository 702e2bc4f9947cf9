import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readRate } from './rate.ts';

/** A rule or schedule of the template that starts a state machine again and again. */
export interface ScheduleDefinition {
  readonly logicalId: string;
  readonly everyMilliseconds: number;
  readonly machineArn: string;
  readonly roleArn: string;
  /** JSON text. */
  readonly input: string;
}

interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
}

interface ScheduleProperties {
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Target?: Target;
  readonly Targets?: readonly Target[];
}

const readSchedule = ({ logicalId, properties }: Resource): readonly ScheduleDefinition[] => {
  const { ScheduleExpression: expression, State: state, ...rest } = properties as ScheduleProperties;
  if (state === 'DISABLED') return [];
  const targets = rest.Targets ?? (rest.Target ? [rest.Target] : []);
  return targets.map((target) => {
    if (!target.Arn.includes(':stateMachine:'))
      throw new Error(`${logicalId}: the target ${target.Arn} is not supported`);
    const everyMilliseconds = readRate(expression ?? '');
    return {
      logicalId,
      everyMilliseconds,
      machineArn: target.Arn,
      roleArn: target.RoleArn,
      input: target.Input ?? '{}',
    };
  });
};

/** The template's schedules. @throws Error naming the resource and what is not supported in it. */
export const readSchedules = (template: LoadedTemplate): readonly ScheduleDefinition[] =>
  ['AWS::Events::Rule', 'AWS::Scheduler::Schedule'].flatMap((type) => template.ofType(type).flatMap(readSchedule));
