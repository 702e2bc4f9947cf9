import type { Action } from '../service.ts';
import type { Machines } from './machines.ts';

/** All machines at once: there is never a second page. */
export const listStateMachines = ({ all, created }: Machines): Action => ({
  permissions: () => [{ action: 'states:ListStateMachines', resource: '*' }],
  run: () => ({
    stateMachines: all.map(({ definition: { arn, name } }) => ({
      stateMachineArn: arn,
      name,
      type: 'EXPRESS',
      creationDate: created / 1000,
    })),
  }),
});
