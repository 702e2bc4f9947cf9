import type { SFNClient } from '../../functions/aws/clients.ts';
import { runDispatch } from '../../functions/dispatch/dispatch.ts';
import type { MessageStore } from '../../functions/dispatch/offload.ts';
import { dispatchInOrder } from '../../functions/dispatch/ordered-groups.ts';
import type { Dispatch } from './put-back.ts';

export interface DispatchOptions {
  readonly stepFunctions: Pick<SFNClient, 'call'>;
  readonly dispatchMachineArn: string;
  readonly store: Pick<MessageStore, 'put'>;
}

/**
 * Starts the dispatch machine as the router does. IAM decides who may do that, so a record of the stream cannot pretend to be a redrive: its
 * id, time and recipients are always its own.
 */
export const createDispatch = ({ stepFunctions, dispatchMachineArn, store }: DispatchOptions): Dispatch => {
  const dispatch = runDispatch(stepFunctions, dispatchMachineArn);
  return async (messages) => {
    const notDone = await dispatchInOrder(new Map(messages.entries()), {
      ...{ store, failureEnds: 'everything' },
      dispatch: async (batch) => {
        await dispatch(batch.map(({ message }) => message));
      },
    });
    const [failure] = notDone.values();
    return { notDone: [...notDone.keys()], ...(notDone.size > 0 && { failure }) };
  };
};
