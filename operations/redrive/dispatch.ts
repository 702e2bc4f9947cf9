import type { SFNClient } from '../../functions/aws/clients.ts';
import { runDispatch } from '../../functions/dispatch/dispatch-machine.ts';
import { withoutLargeBody, type MessageStore } from '../../functions/dispatch/offload.ts';
import { orderedGroups, runGroups } from '../../functions/router/ordered-groups.ts';
import type { Dispatch } from './put-back.ts';

export interface DispatchOptions {
  readonly stepFunctions: Pick<SFNClient, 'call'>;
  readonly dispatchMachineArn: string;
  readonly store: MessageStore;
  readonly now: () => number;
}

/**
 * Starts the dispatch machine as the router does. Who may do that is up to IAM, so that nothing on the stream can claim to come
 * from here: a record's id, time and recipients are always its own.
 */
export const createDispatch = ({ stepFunctions, dispatchMachineArn, store, now }: DispatchOptions): Dispatch => {
  const dispatch = runDispatch(stepFunctions, dispatchMachineArn);
  return async (messages) => {
    const carried = messages.map((message, position) => ({ position, message: withoutLargeBody(message) }));
    return runGroups(orderedGroups(carried), async (batch) => {
      for (const { position, message } of batch) {
        const whole = messages[position];
        if ('offloaded' in message && whole) await store.put(whole, now());
      }
      await dispatch(batch.map(({ message }) => message));
    });
  };
};
