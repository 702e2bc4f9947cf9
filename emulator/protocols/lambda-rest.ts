import { signedService } from '../access/signature/read-signature.ts';
import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { isObject } from '../values.ts';
import type { Exchange, Protocol } from './exchange.ts';
import type { HttpRequest } from './http.ts';

const path = /^\/2015-03-31\/event-source-mappings(?:\/([\w-]+))?\/?$/;

const headers = { 'content-type': 'application/json' };

const readBody = ({ body }: HttpRequest): Parameters => {
  const refused = new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw refused;
};

/**
 * The part of AWS Lambda's REST protocol that is about event source mappings: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 * An update is answered with 202: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export const lambdaRest: Protocol = (request): Exchange | undefined => {
  if (signedService(request) !== 'lambda') return undefined;
  const match = path.exec(request.path);
  if (!match) return undefined;
  const [, uuid] = match;
  const actions =
    uuid === undefined
      ? { GET: 'ListEventSourceMappings' }
      : { GET: 'GetEventSourceMapping', PUT: 'UpdateEventSourceMapping' };
  const action = Object.entries(actions).find(([method]) => method === request.method)?.[1];
  if (action === undefined) return undefined;
  return {
    service: 'lambda',
    action,
    parameters: () => {
      if (action === 'UpdateEventSourceMapping') return { ...readBody(request), UUID: uuid };
      return uuid === undefined ? Object.fromEntries(new URLSearchParams(request.query)) : { UUID: uuid };
    },
    answer: (output) => ({
      status: action === 'UpdateEventSourceMapping' ? 202 : 200,
      headers,
      body: JSON.stringify(output),
    }),
    refuse: ({ code, message, status }) => ({
      status,
      headers: { ...headers, 'x-amzn-errortype': code },
      body: JSON.stringify({ message }),
    }),
  };
};
