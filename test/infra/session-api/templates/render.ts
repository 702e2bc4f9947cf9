import { renderMappingTemplate } from 'aws-template-emulator';
import * as z from 'zod/mini';
import type { MachineRoute } from '../../../../infra/session-api/routes.ts';
import {
  executionAnswer,
  executionRequest,
  functionAnswer,
  functionRequest,
} from '../../../../infra/session-api/templates.ts';

type Values = Readonly<Record<string, string>>;

export const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';

/** A request as API Gateway hands it to a template: parameters decoded, but for the percent sign. */
export interface Request {
  readonly path?: Values;
  readonly querystring?: Values;
  readonly header?: Values;
  readonly body?: string;
}

const percentEncoded = (values: Values = {}): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name.replaceAll('%', '%25'), text.replaceAll('%', '%25')] as const),
  );

const requestSchema = z.strictObject({ stateMachineArn: z.string(), input: z.string() });

/** What StartSyncExecution is sent for a request to a route. @throws SyntaxError when it is no JSON. */
export const renderRequest = (
  request: Request,
  route: Pick<MachineRoute, 'member'> = {},
): { stateMachineArn: string; input: string } => {
  const { path, querystring, ...rest } = request;
  const text = renderMappingTemplate(executionRequest(route, machineArn), {
    ...rest,
    path: percentEncoded(path),
    querystring: percentEncoded(querystring),
  });
  return requestSchema.parse(JSON.parse(text));
};

/** The execution's input for a request. */
export const inputOf = (request: Request, route: Pick<MachineRoute, 'member'> = {}): unknown =>
  JSON.parse(renderRequest(request, route).input);

export interface Answer {
  readonly status: number;
  readonly headers: Values;
  readonly body: unknown;
}

/** What a function is run with for a request. @throws SyntaxError when it is no JSON. */
export const eventOf = ({ querystring, ...rest }: Request): unknown =>
  JSON.parse(renderMappingTemplate(functionRequest(), { ...rest, querystring: percentEncoded(querystring) }));

interface Page {
  readonly origins?: readonly string[];
  readonly header?: Values;
}

/** What the caller gets for what StartSyncExecution says. */
export const renderAnswer = (execution: object, page?: Page): Answer => render(executionAnswer, execution, page);

/** What the caller gets for what a function answers. */
export const renderFunctionAnswer = (answer: unknown, page?: Page): Answer => render(functionAnswer, answer, page);

const render = (
  template: (origins: readonly string[]) => string,
  json: unknown,
  { origins = [], header = {} }: Page = {},
): Answer => {
  const responseOverride: { status?: number; header: Record<string, string> } = { header: {} };
  const body = JSON.stringify(json);
  const text = renderMappingTemplate(template(origins), { body, header, context: { responseOverride } });
  return {
    status: responseOverride.status ?? 200,
    headers: responseOverride.header,
    body: JSON.parse(text),
  };
};
