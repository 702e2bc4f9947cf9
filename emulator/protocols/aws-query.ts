import { signedService } from '../access/signature/read-signature.ts';
import type { Parameters } from '../service.ts';
import type { Protocol } from './exchange.ts';
import type { HttpRequest } from './http.ts';
import { queryErrorCode } from './query-error-codes.ts';
import { isServiceRoot } from './service-root.ts';
import type { Form } from './sqs-query.ts';
import { readParameters, writeAnswer } from './sqs-query.ts';
import { element, elements, withMembers } from './xml.ts';

/** The versions and the XML namespaces of the services' models (@aws-sdk/client-*). */
const versions: ReadonlyMap<string, string> = new Map([
  ['2012-11-05', 'sqs'],
  ['2011-06-15', 'sts'],
  ['2010-05-15', 'cloudformation'],
  ['2010-05-08', 'iam'],
]);

const namespaces: ReadonlyMap<string, string> = new Map([
  ['sqs', 'http://queue.amazonaws.com/doc/2012-11-05/'],
  ['sts', 'https://sts.amazonaws.com/doc/2011-06-15/'],
  ['cloudformation', 'http://cloudformation.amazonaws.com/doc/2010-05-15/'],
  ['iam', 'https://iam.amazonaws.com/doc/2010-05-08/'],
]);

const maxDepth = 8;

type MutableForm = Map<string, MutableForm | string>;

const put = (form: MutableForm, path: readonly string[], value: string): void => {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    form.set(name, value);
    return;
  }
  const found = form.get(name);
  const inner: MutableForm = typeof found === 'object' ? found : new Map<string, MutableForm | string>();
  form.set(name, inner);
  put(inner, rest, value);
};

const plain = (form: MutableForm): Form =>
  Object.fromEntries([...form].map(([name, value]) => [name, typeof value === 'string' ? value : plain(value)]));

const nested = (fields: URLSearchParams): Form => {
  const form: MutableForm = new Map();
  for (const [name, value] of fields) {
    const path = name.split('.');
    if (path.length <= maxDepth) put(form, path, value);
  }
  return plain(form);
};

const fieldsOf = (request: HttpRequest): URLSearchParams | undefined => {
  if (!isServiceRoot(request.path)) return undefined;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(request.body.toString('utf8'));
  }
  return request.query === '' ? undefined : new URLSearchParams(request.query);
};

const protocolFields = new Set(['Action', 'Version']);

/** The fields that are the action's own. */
const ownFields = (fields: URLSearchParams): URLSearchParams =>
  new URLSearchParams([...fields].filter(([name]) => !protocolFields.has(name) && !name.startsWith('X-Amz-')));

const sqsParameters = (fields: URLSearchParams, action: string, request: HttpRequest): Parameters => {
  const parameters = readParameters(nested(fields), action);
  return request.path === '/' ? parameters : { QueueUrl: request.baseUrl + request.path, ...parameters };
};

/**
 * The query protocol: a form with the action's name, answered in XML. STS, IAM and CloudFormation have it, and older clients of SQS.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const awsQuery: Protocol = (request) => {
  const fields = fieldsOf(request);
  const action = fields?.get('Action');
  if (!fields || action === undefined || action === null) return undefined;
  const service = signedService(request) ?? versions.get(fields.get('Version') ?? '') ?? 'sts';
  const root = (name: string, content: string) =>
    `<?xml version="1.0"?>\n<${name} xmlns="${namespaces.get(service) ?? ''}">${content}</${name}>`;
  const headers = { 'content-type': 'text/xml' };
  return {
    service,
    action,
    parameters: () => {
      const own = ownFields(fields);
      return service === 'sqs' ? sqsParameters(own, action, request) : Object.fromEntries(own);
    },
    answer: (output) => {
      const result = elements(service === 'sqs' ? writeAnswer(output, action) : withMembers(output));
      const metadata = element('ResponseMetadata', { RequestId: request.requestId });
      const content = `${result === '' ? '' : `<${action}Result>${result}</${action}Result>`}${metadata}`;
      return { status: 200, headers, body: root(`${action}Response`, content) };
    },
    refuse: ({ code, message, status }) => {
      const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: queryErrorCode(code), Message: message };
      return { status, headers, body: root('ErrorResponse', elements({ Error: error, RequestId: request.requestId })) };
    },
  };
};
