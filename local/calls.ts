import type { Access } from './access/index.ts';
import type { Call, CallRecord, Parameters, Principal, Service } from './service.ts';
import { AwsError } from './service.ts';

/** What the fault hooks are told about a call. */
export interface CallPoint {
  readonly service: string;
  readonly action: string;
  readonly parameters: Parameters;
  readonly principal: Principal;
}

/** May throw an AwsError (the caller gets it), or wait. */
export type FaultHook = (point: CallPoint) => Promise<void> | void;

export interface CallsOptions {
  readonly services: readonly Service[];
  readonly access: Access;
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  /** Runs after the permissions were checked, before the action. */
  readonly beforeRun?: FaultHook | undefined;
  /** Runs when the action has taken effect, before its answer goes out. */
  readonly afterRun?: FaultHook | undefined;
}

/** The one way to the services, for requests over HTTP and for calls from inside the runtime alike. */
export interface Calls {
  service(name: string): Service | undefined;
  /**
   * Checks the caller's permissions, runs the action and records the call.
   * @throws AwsError for everything AWS refuses, UnknownOperationException for an action we do not have.
   */
  run(service: string, action: string, parameters: Parameters, call: Call): Promise<object>;
}

export const createCalls = ({ services, access, onCall, beforeRun, afterRun }: CallsOptions): Calls => {
  const byName = new Map(services.map((service) => [service.name, service]));
  return {
    service: (name) => byName.get(name),
    run: async (serviceName, actionName, parameters, call) => {
      const action = byName.get(serviceName)?.actions[actionName];
      if (!action) throw new AwsError('UnknownOperationException', `${serviceName}:${actionName} is not supported`);
      const permissions = action.permissions?.(parameters) ?? [];
      const { principal } = call;
      const record = { service: serviceName, action: actionName, principal, permissions };
      try {
        access.authorize(principal, permissions);
      } catch (error) {
        if (error instanceof AwsError) onCall?.({ ...record, outcome: 'denied', error: error.code });
        throw error;
      }
      const point = { service: serviceName, action: actionName, parameters, principal };
      try {
        await beforeRun?.(point);
        const answer = await action.run(parameters, call);
        await afterRun?.(point);
        onCall?.({ ...record, outcome: 'answered' });
        return answer;
      } catch (error) {
        onCall?.({ ...record, outcome: 'refused', error: error instanceof AwsError ? error.code : 'InternalFailure' });
        throw error;
      }
    },
  };
};
