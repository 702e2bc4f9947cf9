import type { Service } from '../service.ts';
import { FunctionError } from './function-error.ts';

/** Runs a function on JSON text, answers JSON text. @throws FunctionError */
export type Invoke = (functionArn: string, payload: string) => Promise<string>;

/** What Invoke answers: 200 also when the function fails, which FunctionError then says. */
export interface InvokeAnswer {
  readonly StatusCode: 200;
  readonly FunctionError?: 'Unhandled';
  readonly Payload: string;
}

/** AWS Lambda's Invoke, for the state machines: the caller needs the permission for the function. */
export const createLambda = (invoke: Invoke): Service => ({
  name: 'lambda',
  actions: {
    Invoke: {
      permissions: ({ FunctionName: arn }) => [{ action: 'lambda:InvokeFunction', resource: arn as string }],
      run: async ({ FunctionName: arn, Payload: payload }): Promise<InvokeAnswer> => {
        try {
          return { StatusCode: 200, Payload: await invoke(arn as string, payload as string) };
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error;
          return { StatusCode: 200, FunctionError: 'Unhandled', Payload: error.payload };
        }
      },
    },
  },
});
