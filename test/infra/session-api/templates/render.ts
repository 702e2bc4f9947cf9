import { renderMappingTemplate } from 'aws-template-emulator';
import type { Route } from '../../../../infra/session-api/routes.ts';
import { answerTemplate, requestTemplate } from '../../../../infra/session-api/templates.ts';

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
    Object.entries(values).map((pair) => pair.map((text) => text.replaceAll('%', '%25'))) as [string, string][],
  );

/** What StartSyncExecution is sent for a request to a route. @throws SyntaxError when it is no JSON. */
export const renderRequest = (
  request: Request,
  route: Pick<Route, 'member'> = {},
): { stateMachineArn: string; input: string } => {
  const { path, querystring, ...rest } = request;
  const text = renderMappingTemplate(requestTemplate(route, machineArn), {
    ...rest,
    path: percentEncoded(path),
    querystring: percentEncoded(querystring),
  });
  return JSON.parse(text) as { stateMachineArn: string; input: string };
};

/** The execution's input for a request. */
export const inputOf = (request: Request, route: Pick<Route, 'member'> = {}): unknown =>
  JSON.parse(renderRequest(request, route).input) as unknown;

export interface Answer {
  readonly status: number;
  readonly headers: Values;
  readonly body: unknown;
}

/** What the caller gets for what StartSyncExecution says. */
export const renderAnswer = (execution: object, { origins = [] as readonly string[], header = {} } = {}): Answer => {
  const responseOverride: { status?: number; header: Record<string, string> } = { header: {} };
  const body = JSON.stringify(execution);
  const text = renderMappingTemplate(answerTemplate(origins), { body, header, context: { responseOverride } });
  return {
    status: responseOverride.status ?? 200,
    headers: responseOverride.header,
    body: JSON.parse(text) as unknown,
  };
};
