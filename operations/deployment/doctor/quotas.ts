import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { codeOf } from '../errors.ts';
import type { Check, ExpectedLoad, Examination, Finding } from './finding.ts';
import { ok, warning } from './finding.ts';
import { identitiesOf } from './identity.ts';

/** A quota of the account and Region that the load needs. */
interface Quota {
  readonly name: string;
  /** Its code in Service Quotas; undefined where Service Quotas does not have it. */
  readonly code: readonly [service: string, quota: string] | undefined;
  /** AWS's default. */
  readonly byDefault: number;
  readonly needed: number;
}

/** Concurrent functions for each login a second: a create runs four functions, of some 0.45 seconds each when they have to start. */
const functionsPerLogin = 4 * 0.45;

/** Concurrent functions of a broadcast from one shard: docs/quotas.md. */
const functionsPerBroadcast = 160;

/**
 * Rates of Cognito and their defaults: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html. Lambda's:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. API Gateway's:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, which names the quota's code.
 */
const quotasFor = (
  { loginsPerSecond: logins = 0, eventsPerSecond: events = 0 }: ExpectedLoad,
  isGuest: boolean,
): Quota[] => [
  isGuest
    ? { name: 'Cognito GetId a second', code: ['cognito-identity', 'L-A38ADA84'], byDefault: 25, needed: logins }
    : {
        ...{ name: 'Cognito GetOpenIdTokenForDeveloperIdentity a second', code: ['cognito-identity', 'L-0BF99E8D'] },
        ...{ byDefault: 50, needed: logins },
      },
  ...(isGuest
    ? [
        {
          ...{ name: 'Cognito GetOpenIdToken a second', code: ['cognito-identity', 'L-E97D135E'] as const },
          ...{ byDefault: 200, needed: logins },
        },
      ]
    : []),
  {
    name: 'Cognito DeleteIdentities a second, where each login ends with destroy',
    code: undefined,
    byDefault: 10,
    needed: logins,
  },
  { name: 'API Gateway requests a second', code: ['apigateway', 'L-8A5B8E43'], byDefault: 10_000, needed: logins },
  {
    ...{ name: 'Lambda concurrent executions', code: ['lambda', 'L-B99A9384'], byDefault: 1_000 },
    needed: Math.ceil(logins * functionsPerLogin) + (events > 0 ? functionsPerBroadcast : 0),
  },
];

/** The account's own value; AWS's default where there is none, or it may not be read. */
const valueOf = async (
  { deployment, clients }: Examination,
  { code, byDefault }: Quota,
): Promise<readonly [number, string]> => {
  if (deployment.endpoint !== undefined || !code) return [byDefault, "AWS's default"];
  try {
    const [ServiceCode, QuotaCode] = code;
    const { Quota: quota } = await clients.quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return quota?.Value === undefined ? [byDefault, "AWS's default"] : [quota.Value, "the account's"];
  } catch (error) {
    const reason = /^AccessDenied/.test(codeOf(error)) ? ': Service Quotas may not be read' : '';
    return [byDefault, `AWS's default${reason}`];
  }
};

/** The value to ask AWS for: a third of it is headroom. */
const withHeadroom = (needed: number): number => Math.ceil((needed * 1.5) / 10) * 10;

const remedyFor = ({ code, needed }: Quota): string =>
  code
    ? `Ask for ${withHeadroom(needed)}: aws service-quotas request-service-quota-increase --service-code ${code[0]} --quota-code ${code[1]} --desired-value ${withHeadroom(needed)}`
    : `Ask AWS Support for ${withHeadroom(needed)}, or leave sessions to the cleanup, which deletes 60 identities with a call.`;

/** Calls for which AWS publishes no rate. */
const unpublished =
  'SQS publishes no rate of CreateQueue, and Step Functions none of StartSyncExecution: measure them (docs/quotas.md).';

/** Checks whether the quotas are enough for the expected load. */
export const checkQuotas: Check = async (examination) => {
  const { load } = examination;
  const isGuest = (await identitiesOf(examination)) === 'guests';
  const findings = await Promise.all(
    quotasFor(load, isGuest).map(async (quota): Promise<Finding> => {
      const [value, whose] = await valueOf(examination, quota);
      const what = `${quota.name}: ${value} (${whose})`;
      return quota.needed <= value
        ? ok('quotas', what)
        : warning('quotas', `${what}; ${quota.needed} are needed`, remedyFor(quota));
    }),
  );
  const { loginsPerSecond, eventsPerSecond } = load;
  if (loginsPerSecond === undefined && eventsPerSecond === undefined) {
    return [
      ...findings,
      ok('quotas', 'Give --logins-per-second and --events-per-second to compare them with your load'),
    ];
  }
  return loginsPerSecond === undefined ? findings : [...findings, ok('quotas', unpublished)];
};
