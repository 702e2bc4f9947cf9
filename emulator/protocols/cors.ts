import type { HttpRequest, HttpResponse } from './http.ts';
import { isServiceRoot } from './service-root.ts';

/** The headers that AWS's endpoints let a page of any origin read. Recorded in 2021: https://github.com/AllanZhengYP/cors-test */
const exposed = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,x-amzn-query-error,Date';
/** Seconds a browser may remember a preflight's answer. */
const maxAge = '172800';

/**
 * Headers of an AWS endpoint's answer to a page. AWS sends them for more services than SQS, and for all credentials; here
 * a page needs to poll its queue with temporary credentials, and must not act as the administrator.
 */
export const corsHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposed,
};

/** The answer to a preflight that precedes a call of an AWS service; undefined when it precedes something else. */
export const answerPreflight = (request: HttpRequest): HttpResponse | undefined => {
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return undefined;
  const asked = request.headers['access-control-request-headers'] ?? '';
  if (!isServiceRoot(request.path)) return undefined;
  return {
    status: 200,
    headers: {
      ...corsHeaders,
      ...(asked === '' ? {} : { 'access-control-allow-headers': asked }),
      'access-control-allow-methods': 'POST',
      'access-control-max-age': maxAge,
    },
    body: '',
  };
};
