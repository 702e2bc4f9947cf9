import { signedService } from '../access/signature/read-signature.ts';
import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { isObject } from '../values.ts';
import type { Exchange, Protocol } from './exchange.ts';
import type { HttpRequest } from './http.ts';
import { queryErrorCode } from './query-error-codes.ts';
import { isServiceRoot } from './service-root.ts';

/** X-Amz-Target begins with the service's name in its model (@aws-sdk/client-*). https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
const servicesByTarget: ReadonlyMap<string, string> = new Map([
  ['AmazonSQS', 'sqs'],
  ['Kinesis_20131202', 'kinesis'],
  ['AWSStepFunctions', 'states'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['AWSCognitoIdentityService', 'cognito-identity'],
  ['Logs_20140328', 'logs'],
  ['GraniteServiceVersion20100801', 'monitoring'],
]);

const decoder = new TextDecoder('utf-8', { fatal: true });

const unreadable = (message: string) => new AwsError('SerializationException', message);

const readParameters = (body: Buffer): Parameters => {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(body));
  } catch {
    throw unreadable('The request body is not JSON');
  }
  if (!isObject(value)) throw unreadable('The request body is not a JSON object');
  return value;
};

const cborHint =
  'The CBOR protocol is not supported; set AWS_CBOR_DISABLE=true (Java: aws.cborEnabled=false) to use JSON';

/**
 * AWS JSON 1.0 and 1.1: the action is in X-Amz-Target, parameters and answer are JSON.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 * The header x-amzn-query-error: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const awsJson: Protocol = (request) => {
  const target = request.headers['x-amz-target'];
  // On a path of the API the header means nothing, as on AWS, where no service shares the API's host.
  if (typeof target !== 'string' || request.method !== 'POST' || !isServiceRoot(request.path)) return undefined;
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(dot, 0));
  const service = servicesByTarget.get(prefix) ?? signedService(request) ?? prefix;
  const stated = request.headers['content-type'] ?? '';
  const contentType = stated.startsWith('application/x-amz-json-1.1') ? stated : 'application/x-amz-json-1.0';
  const exchange: Exchange = {
    service,
    action: target.slice(dot + 1),
    parameters: () => {
      if (stated.includes('cbor')) throw new AwsError('UnsupportedProtocol', cborHint);
      return readParameters(request.body);
    },
    answer: (output) => ({ status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(output) }),
    refuse: ({ code, message, status }) => ({
      status,
      headers: {
        'content-type': contentType,
        ...(service === 'sqs'
          ? { 'x-amzn-query-error': `${queryErrorCode(code)};${status < 500 ? 'Sender' : 'Receiver'}` }
          : {}),
      },
      body: JSON.stringify({ __type: service === 'sqs' ? `com.amazonaws.sqs#${code}` : code, message }),
    }),
  };
  return exchange;
};

const rpcPath = /^\/service\/\w+\/operation\/\w+$/;

/** Smithy's RPC v2 CBOR, which no client of these services needs, is refused by name. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export const rpcV2Cbor: Protocol = (request: HttpRequest) =>
  request.headers['smithy-protocol'] === 'rpc-v2-cbor' && rpcPath.test(request.path)
    ? {
        service: signedService(request) ?? 'unknown',
        action: request.path.split('/').at(-1) ?? '',
        parameters: () => {
          throw new AwsError('UnsupportedProtocol', cborHint);
        },
        answer: () => ({ status: 400, headers: {}, body: '' }),
        refuse: ({ code, message, status }) => ({
          status,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ __type: code, message }),
        }),
      }
    : undefined;
