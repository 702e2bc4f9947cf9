import * as z from 'zod/mini';
import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';
import { forResource } from '../template/template-error.ts';
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

const target = z.object({ Arn: z.string(), RoleArn: z.optional(z.string()), Input: z.optional(z.string()) });

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-rule.html and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-scheduler-schedule.html
 */
const scheduleProperties = z.object({
  ScheduleExpression: z.optional(z.string()),
  State: z.optional(z.string()),
  Target: z.optional(target),
  Targets: z.optional(z.array(target)),
});

const readSchedule = (service: ScheduleDefinition['service'], resource: Resource): readonly ScheduleDefinition[] => {
  const { ScheduleExpression: expression, State: state, ...rest } = readProperties(resource, scheduleProperties);
  const { logicalId, attributes } = resource;
  const { Arn: arn = '' } = attributes;
  if (state === 'DISABLED') return [];
  const targets = rest.Targets ?? (rest.Target ? [rest.Target] : []);
  return targets.map(({ Arn: machineArn, RoleArn: roleArn = '', Input: input = '{}' }) => {
    if (!machineArn.includes(':stateMachine:'))
      throw new Error(`${logicalId}: the target ${machineArn} is not supported`);
    return {
      logicalId,
      service,
      sourceArn: arn.replace(/:schedule\/([^/]+)\/.*$/, ':schedule-group/$1'),
      everyMilliseconds: forResource(logicalId, () => readRate(expression ?? '')),
      machineArn,
      roleArn,
      input,
    };
  });
};

/** The template's schedules. @throws Error naming the resource and what is not supported in it. */
export const readSchedules = (template: LoadedTemplate): readonly ScheduleDefinition[] => [
  ...template.ofType('AWS::Events::Rule').flatMap((rule) => readSchedule('events.amazonaws.com', rule)),
  ...template.ofType('AWS::Scheduler::Schedule').flatMap((one) => readSchedule('scheduler.amazonaws.com', one)),
];
