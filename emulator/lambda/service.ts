import type { Service } from '../service.ts';
import { AwsError } from '../service.ts';
import { textOf } from '../values.ts';
import type { ListedMapping } from './event-source-mapping-actions.ts';
import { mappingActions } from './event-source-mapping-actions.ts';
import { FunctionError, lambdaFailure } from './function-error.ts';

/** Runs a function on JSON text, answers JSON text. @throws FunctionError */
export type Invoke = (functionArn: string, payload: string) => Promise<string>;

/** The answer of Invoke: 200 also when the function fails, which FunctionError then says. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface InvokeAnswer {
  readonly StatusCode: 200;
  readonly FunctionError?: 'Unhandled';
  readonly Payload: string;
}

export const isInvokeAnswer = (answer: object): answer is InvokeAnswer => 'StatusCode' in answer && 'Payload' in answer;

/** Bytes of a request. https://github.com/awslabs/aws-athena-query-federation/issues/793 has the error. */
const maxRequestBytes = 6 * 1024 * 1024;

/** Bytes of a response. https://zaccharles.medium.com/deep-dive-lambdas-response-payload-size-limit-8aedba9530ed has the error. */
const maxResponseBytes = 6_291_556;

const checkRequest = (payload: string): string => {
  if (Buffer.byteLength(payload) <= maxRequestBytes) return payload;
  const message = `Request must be smaller than ${maxRequestBytes} bytes for the InvokeFunction operation`;
  throw new AwsError('RequestEntityTooLargeException', message);
};

const checkResponse = (payload: string): string => {
  if (Buffer.byteLength(payload) <= maxResponseBytes) return payload;
  const message = `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
  throw lambdaFailure('Function.ResponseSizeTooLarge', message);
};

/** AWS Lambda: Invoke, for state machines and APIs (the caller needs lambda:InvokeFunction for the function), and the event source mappings. */
export const createLambda = (invoke: Invoke, mappings: readonly ListedMapping[]): Service => ({
  name: 'lambda',
  actions: {
    ...mappingActions(mappings),
    Invoke: {
      permissions: ({ FunctionName: arn }) => [{ action: 'lambda:InvokeFunction', resource: textOf(arn) }],
      run: async ({ FunctionName: arn, Payload: payload }): Promise<InvokeAnswer> => {
        try {
          return { StatusCode: 200, Payload: checkResponse(await invoke(textOf(arn), checkRequest(textOf(payload)))) };
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error;
          return { StatusCode: 200, FunctionError: 'Unhandled', Payload: error.payload };
        }
      },
    },
  },
});
