import { signedService } from '../access/signature/read-signature.ts';
import { AwsError } from '../service.ts';
import { errorStatus } from './error-statuses.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { element } from './xml.ts';

/** Services whose REST protocol is XML; that of all others is JSON. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
const restXml = ['cloudfront', 'route53', 's3'];

/** What requests of the API are signed for. */
const api = 'execute-api';

/**
 * Refuses a request that is signed for a service whose protocol is REST and which the emulator does not have: `GET
 * /2015-03-31/functions`, for `lambda`. Undefined for a request that is for the API.
 */
export const refuseOtherService = (request: HttpRequest): HttpResponse | undefined => {
  const service = signedService(request);
  if (service === undefined || service === api) return undefined;
  const code = 'UnknownOperationException';
  const message = `The emulator does not support ${service}: ${request.method} ${request.path}`;
  const status = errorStatus(service, new AwsError(code, message));
  return restXml.includes(service)
    ? {
        status,
        headers: { 'content-type': 'text/xml' },
        body: element('ErrorResponse', { Error: { Type: 'Sender', Code: code, Message: message } }),
      }
    : {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ message }),
      };
};
