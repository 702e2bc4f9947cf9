import type { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Workflow } from './workflow.ts';

export interface MachineScheduleProps {
  readonly description: string;
  readonly workflow: Workflow;
  /** Between two runs, whole minutes. */
  readonly every: Duration;
  /** What each run is started with. Default `{}`. */
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Runs a machine at a fixed rate. The next run does what a failed one did not do. */
export class MachineSchedule extends Construct {
  constructor(scope: Construct, id: string, props: MachineScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Schedule', {
      description: props.description,
      schedule: ScheduleExpression.rate(props.every),
      target: new StepFunctionsStartExecution(props.workflow.machine, {
        input: ScheduleTargetInput.fromObject(props.input ?? {}),
        retryAttempts: 0,
      }),
    });
  }
}
