import type { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Workflow } from './workflow.ts';

export interface CleanupScheduleProps {
  readonly cleanup: Workflow;
  /** Between two runs, whole minutes. */
  readonly every: Duration;
}

/** Runs the cleanup again and again; a run that fails is made good by the next. */
export class CleanupSchedule extends Construct {
  constructor(scope: Construct, id: string, props: CleanupScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Schedule', {
      description: 'Removes abandoned sessions',
      schedule: ScheduleExpression.rate(props.every),
      target: new StepFunctionsStartExecution(props.cleanup.machine, {
        // Under the five minutes an Express execution may take.
        input: ScheduleTargetInput.fromObject({ budgetSeconds: 240 }),
        retryAttempts: 0,
      }),
    });
  }
}
