import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readRate } from './rate.ts';

/** A rule or schedule of the template that starts a state machine again and again. */
export interface ScheduleDefinition {
  readonly logicalId: string;
  readonly everyMilliseconds: number;
  readonly machineArn: string;
  readonly roleArn: string;
  /** As the role's trust policy may ask for it: the rule, or the group of the schedule. */
  readonly sourceArn: string;
  /** Who assumes the role. */
  readonly service: 'events.amazonaws.com' | 'scheduler.amazonaws.com';
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

const readSchedule = (
  service: ScheduleDefinition['service'],
  { logicalId, properties, attributes: { Arn: arn = '' } }: Resource,
): readonly ScheduleDefinition[] => {
  const { ScheduleExpression: expression, State: state, ...rest } = properties as ScheduleProperties;
  if (state === 'DISABLED') return [];
  const targets = rest.Targets ?? (rest.Target ? [rest.Target] : []);
  return targets.map((target) => {
    if (!target.Arn.includes(':stateMachine:'))
      throw new Error(`${logicalId}: the target ${target.Arn} is not supported`);
    return {
      logicalId,
      service,
      sourceArn: arn.replace(/:schedule\/([^/]+)\/.*$/, ':schedule-group/$1'),
      everyMilliseconds: readRate(expression ?? ''),
      machineArn: target.Arn,
      roleArn: target.RoleArn,
      input: target.Input ?? '{}',
    };
  });
};

/** The template's schedules. @throws Error naming the resource and what is not supported in it. */
export const readSchedules = (template: LoadedTemplate): readonly ScheduleDefinition[] => [
  ...template.ofType('AWS::Events::Rule').flatMap((rule) => readSchedule('events.amazonaws.com', rule)),
  ...template.ofType('AWS::Scheduler::Schedule').flatMap((one) => readSchedule('scheduler.amazonaws.com', one)),
];
