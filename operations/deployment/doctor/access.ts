import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { queueUrlOf } from '../dead-letters.ts';
import type { Deployment } from '../deployment.ts';
import type { Check } from './finding.ts';
import { ok, problem, warning } from './finding.ts';

export const checkCredentials: Check = async ({ deployment: { clients, region } }) => {
  const { Arn: arn = '' } = await clients.sts.send(new GetCallerIdentityCommand());
  return [ok('credentials', arn), ok('region', region)];
};

/** States in which a stack can be used. */
const completeStatus = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/;

export const checkStack: Check = ({ deployment: { stack, service } }) => {
  const what = `${stack.name}${service.construct === '' ? '' : `, ${service.construct},`} is ${stack.status}`;
  const remedy = 'Finish the deployment: npx cdk deploy, and read its error.';
  return Promise.resolve(completeStatus.test(stack.status) ? ok('stack', what) : problem('stack', what, remedy));
};

/** A queue's URL. Its host is the one that browsers use in this Region and partition. */
const queueOf = (deployment: Deployment): string => queueUrlOf(deployment, 'undelivered');

/** Seconds by which a signature may be off. https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const maxSkew = 300;

export const checkClock: Check = async ({ deployment }) => {
  const sent = Date.now();
  const response = await fetch(new URL('/', queueOf(deployment)));
  const theirs = Date.parse(response.headers.get('date') ?? '');
  const off = Math.round((theirs - (sent + Date.now()) / 2) / 1000);
  if (Number.isNaN(off)) return warning('clock', 'The endpoint says no time', 'Check this machine’s clock yourself.');
  if (Math.abs(off) <= maxSkew / 2) return ok('clock', 'This machine’s clock is right');
  const what = `This machine’s clock is ${Math.abs(off)} s ${off > 0 ? 'behind' : 'ahead'}`;
  return deployment.endpoint === undefined
    ? problem('clock', what, 'Set it: requests that are signed with a wrong time are refused.')
    : warning('clock', what, 'The local service’s clock was moved: start it again to be back in the present.');
};

const origin = 'https://app.example.com';

/** The headers of a page's request that need a preflight. */
const headers = ['authorization', 'content-type', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'];

const isListed = (wanted: string, list: string | null): boolean => {
  const names = (list ?? '').toLowerCase().split(/\s*,\s*/);
  return names.includes('*') || names.includes(wanted);
};

/**
 * Sends the preflight that a browser sends before it polls, from an origin that does not exist. `*` in the list of headers does not
 * include `authorization`: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
export const checkCors: Check = async ({ deployment }) => {
  const { headers: answered, status } = await fetch(queueOf(deployment), {
    method: 'OPTIONS',
    headers: {
      ...{ origin, 'access-control-request-method': 'POST' },
      'access-control-request-headers': headers.join(','),
    },
  });
  const allowed = answered.get('access-control-allow-origin');
  const list = answered.get('access-control-allow-headers');
  const missing = headers.filter((name) =>
    name === 'authorization' ? !(list ?? '').toLowerCase().includes(name) : !isListed(name, list),
  );
  const between = 'Check what stands between: a proxy or a VPC endpoint.';
  if (allowed !== '*' && allowed !== origin) {
    return problem('CORS', `SQS answers a page's preflight for the queue with ${status} and no permission`, between);
  }
  if (missing.length > 0) return problem('CORS', `Pages may not send ${missing.join(', ')} to the queue`, between);
  return ok('CORS', `Pages of any origin may poll queues at ${new URL(queueOf(deployment)).host}`);
};
