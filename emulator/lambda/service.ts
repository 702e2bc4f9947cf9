import type { Service } from '../service.ts';
import { textOf } from '../values.ts';
import type { ListedMapping } from './event-source-mapping-actions.ts';
import { mappingActions } from './event-source-mapping-actions.ts';
import { FunctionError } from './function-error.ts';

/** Runs a function on JSON text, answers JSON text. @throws FunctionError */
export type Invoke = (functionArn: string, payload: string) => Promise<string>;

/** The answer of Invoke: 200 also when the function fails, which FunctionError then says. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface InvokeAnswer {
  readonly StatusCode: 200;
  readonly FunctionError?: 'Unhandled';
  readonly Payload: string;
}

export const isInvokeAnswer = (answer: object): answer is InvokeAnswer => 'StatusCode' in answer && 'Payload' in answer;

/** AWS Lambda: Invoke, for the state machines (the caller needs lambda:InvokeFunction for the function), and the event source mappings. */
export const createLambda = (invoke: Invoke, mappings: readonly ListedMapping[]): Service => ({
  name: 'lambda',
  actions: {
    ...mappingActions(mappings),
    Invoke: {
      permissions: ({ FunctionName: arn }) => [{ action: 'lambda:InvokeFunction', resource: textOf(arn) }],
      run: async ({ FunctionName: arn, Payload: payload }): Promise<InvokeAnswer> => {
        try {
          return { StatusCode: 200, Payload: await invoke(textOf(arn), textOf(payload)) };
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error;
          return { StatusCode: 200, FunctionError: 'Unhandled', Payload: error.payload };
        }
      },
    },
  },
});
